-- Numbers of each file that have digits at their beginning or anywhere in them; files without any are left out.
-- $paths varchar[], $digits varchar, $is_beginning boolean -> file bigint its place in $paths, numbers bigint
select file_index::bigint as file, count(*) as numbers
from read_parquet($paths::varchar[], hive_partitioning = false)
where case
  when $is_beginning then starts_with(phone::varchar, $digits)
  else contains(phone::varchar, $digits)
end
group by file_index
order by file_index;
