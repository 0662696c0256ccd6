-- Takes the picks of pruned orders out of days of which others stay. {days}
alter table picks
delete where day in ({days:Array(Date)})
  and order_id in (select order_id from orders final where pruned_at is not null)
