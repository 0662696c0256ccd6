-- Lines of all imports by source whatever its case: the {most} of which most was rejected, and the others as one sum.
-- {most} -> name (null: none was told), others, imports, lines, rejected
with sums as (
  select min(i.source) as spelling, toInt64(count()) as files, sum(i.lines) as read, sum(i.rejected) as refused
  from imports i
  group by lowerUTF8(i.source)
),
ranked as (
  select
    *,
    least(toInt64(row_number() over (order by refused desc, read desc, spelling)), {most:Int64} + 1) as place
  from sums
)
select
  if(place <= {most:Int64}, any(spelling), null) as name,
  if(place > {most:Int64}, count(), 0) as others,
  sum(files) as imports,
  sum(read) as lines,
  sum(refused) as rejected
from ranked
group by place
order by place
