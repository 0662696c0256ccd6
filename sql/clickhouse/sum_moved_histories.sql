-- What the ledger holds of each history, as the other engine adds it up too. -> import_id, numbers, sum
select
  ifNull(import_id, '') as import_id,
  count() as numbers,
  toString(sum(reinterpretAsUInt64(substring(MD5(concat(
    toString(phone), ' ', provider, ' ', toString(toUnixTimestamp64Milli(sold_at))
  )), 1, 8)))) as sum
from sales
where order_id is null
group by import_id
