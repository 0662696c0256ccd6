-- What a table holds, in whatever order, as the other engine adds it up too. {{row}}: a row as one text, {{table}}
-- -> numbers bigint, sum varchar: of the first 64 bits of each row's MD5, modulo 2^64
select
  count(*) as numbers,
  (coalesce(sum(md5_number_upper({{row}})), 0) % 18446744073709551616::hugeint)::varchar as sum
from {{table}};
