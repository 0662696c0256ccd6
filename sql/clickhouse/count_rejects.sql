-- Rejected lines of all imports by reason and source: the {most} largest reasons and the {most} sources of which most was
-- rejected, as count_lines_by_source has them; the others are the place behind. Places count from 1.
-- {most} -> reason (null: others), others, reason_place, source_place, lines
with ranked_sources as (
  select
    lowerUTF8(i.source) as source,
    least(
      toInt64(row_number() over (order by sum(i.rejected) desc, sum(i.lines) desc, min(i.source))),
      {most:Int64} + 1
    ) as place
  from imports i
  group by lowerUTF8(i.source)
),
sums as (
  select source, counted.1 as reason, sum(counted.2) as lines
  from (
    select lowerUTF8(i.source) as source, arrayJoin(JSONExtractKeysAndValues(i.reasons, 'Int64')) as counted
    from imports i
  )
  group by source, reason
),
ranked_reasons as (
  select
    s.reason as reason,
    least(toInt64(row_number() over (order by sum(s.lines) desc, s.reason)), {most:Int64} + 1) as place
  from sums s
  group by s.reason
)
select
  if(r.place <= {most:Int64}, any(r.reason), null) as reason,
  if(r.place > {most:Int64}, (select toInt64(count()) - {most:Int64} from ranked_reasons), 0) as others,
  r.place as reason_place,
  s.place as source_place,
  sum(n.lines) as lines
from sums n
join ranked_reasons r on r.reason = n.reason
join ranked_sources s on s.source is not distinct from n.source
group by r.place, s.place
order by r.place, s.place
