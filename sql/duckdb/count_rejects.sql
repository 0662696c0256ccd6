-- Rejected lines of all imports by reason and source: the $most largest reasons and the $most sources of which most was
-- rejected, as count_lines_by_source has them; the others are the place behind. Places count from 1.
-- $most bigint -> reason (null: others), others bigint, reason_place, source_place, lines bigint
with sources as (
  select
    lower(source) as source,
    least(row_number() over (order by sum(rejected) desc, sum(lines) desc, min(source)), $most::bigint + 1) as place
  from imports
  group by lower(source)
),
counts as (
  select lower(source) as source, unnest(json_keys(reasons)) as reason, reasons
  from imports
),
sums as (
  select source, reason, sum((reasons->>reason)::bigint) as lines
  from counts
  group by source, reason
),
reasons as (
  select
    reason,
    least(row_number() over (order by sum(lines) desc, reason), $most::bigint + 1) as place
  from sums
  group by reason
)
select
  case when r.place <= $most::bigint then any_value(r.reason) end as reason,
  case when r.place > $most::bigint then (select count(*) - $most::bigint from reasons) else 0 end as others,
  r.place as reason_place,
  s.place as source_place,
  sum(n.lines)::bigint as lines
from sums n
join reasons r on r.reason = n.reason
join sources s on s.source is not distinct from n.source
group by r.place, s.place
order by r.place, s.place;
