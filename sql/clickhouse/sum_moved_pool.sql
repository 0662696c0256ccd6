-- What each file of a day of the pool holds, as the other engine adds it up too. {date}
-- -> path, numbers, phones, least, most, sum
select
  path,
  count() as numbers,
  toString(sum(toInt128(phone))) as phones,
  toString(min(phone)) as least,
  toString(max(phone)) as most,
  toString(sum(reinterpretAsUInt64(substring(MD5(concat(
    toString(row), ' ', toString(phone), ' ',
    arrayStringConcat(arrayMap(c -> ifNull(concat(toString(length(c)), ':', c), '-'), cells))
  )), 1, 8)))) as sum
from pool
where date = {date:Date}
group by path
