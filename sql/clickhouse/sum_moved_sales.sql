-- What the ledger holds by the UTC day, as the other engine adds it up too. -> day, numbers, phones, sum
select
  toDate(sold_at) as day,
  count() as numbers,
  toString(sum(toInt128(phone))) as phones,
  toString(sum(reinterpretAsUInt64(substring(MD5(concat(
    toString(phone), ' ', provider, ' ', ifNull(order_id, ''), ' ', toString(toUnixTimestamp64Milli(sold_at))
  )), 1, 8)))) as sum
from sales
group by day
