-- What a pool file holds, as the other engine adds it up too. {{cells}}: the cells of a row as one text; $file varchar, $before
-- bigint: how many rows of the file belong to others that come before, $first and $last bigint row numbers
-- -> numbers bigint, phones, least, most, sum varchar
select
  count(*) as numbers,
  coalesce(sum(phone), 0)::varchar as phones,
  coalesce(min(phone), 0)::varchar as least,
  coalesce(max(phone), 0)::varchar as most,
  (coalesce(sum(md5_number_upper(
    (file_row_number - $before::bigint) || ' ' || phone || ' '
      || case when raw_data is null then '' else {{cells}} end
  )), 0) % 18446744073709551616::hugeint)::varchar as sum
from read_parquet($file, file_row_number = true, hive_partitioning = false)
where file_row_number between $first::bigint and $last::bigint
  and phone is not null;
