-- What became of a list of returns, as often as its numbers stand in it; of one that is returned every further time is a
-- repetition. {list_id}, {order_id}, {day} of the order's reservation, UTC -> returned, repeated, foreign_numbers
select
  countIf(standing = 'returned') as returned,
  sumIf(occurrences, standing <> 'foreign') - countIf(standing = 'returned') as repeated,
  sumIf(occurrences, standing = 'foreign') as foreign_numbers
from (
  select
    p.occurrences as occurrences,
    multiIf(r.phone is not null, 'repeated', s.phone is null, 'foreign', 'returned') as standing
  from (
    select phone, occurrences
    from listed
    where list_id = {list_id:String}
  ) p
  left join (
    select distinct phone
    from sales
    where order_id = {order_id:String}
      and toDate(sold_at) = {day:Date}
  ) s on s.phone = p.phone
  left join (
    select phone
    from returned
    where order_id = {order_id:String}
  ) r on r.phone = p.phone
)
