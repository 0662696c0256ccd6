-- Takes the sales of pruned orders and old sales from elsewhere out of days of which others stay. {days}; {before}: the instant
alter table ledger
delete where toDate(sold_at) in ({days:Array(Date)})
  and (
    (order_id is null and sold_at < {before:DateTime64(3, 'UTC')})
    or assumeNotNull(order_id) in (select order_id from orders final where pruned_at is not null)
  )
