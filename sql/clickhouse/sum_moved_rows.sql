-- What a table holds, in whatever order, as the other engine adds it up too. {{row}}: a row as one text, {{table}}
-- -> numbers, sum: of the first 64 bits of each row's MD5, modulo 2^64
select
  count() as numbers,
  toString(sum(reinterpretAsUInt64(substring(MD5({{row}}), 1, 8)))) as sum
from {{table}}
