-- What one day of the pool holds of the files that are filed under it, for a share of their rows.
-- {date}, {slices}, {slice} from 0 -> path, provider, numbers, rows: distinct ones
select path, provider, count() as numbers, uniqExact(row) as rows
from pool
where date = {date:Date} and row % {slices:Int64} = {slice:Int64}
  and path in (select path from pool_files)
group by path, provider
