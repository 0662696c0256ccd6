-- Takes the sales of pruned orders and old sales from elsewhere out of days of which others stay. {days}; {before_ms}: since 1970,
-- since a mutation cannot read the first instant of all as one
alter table ledger
delete where toDate(sold_at) in ({days:Array(Date)})
  and (
    (order_id is null and toUnixTimestamp64Milli(sold_at) < {before_ms:Int64})
    or assumeNotNull(order_id) in (select order_id from orders final where pruned_at is not null)
  )
