-- Sales of some days, UTC, which are read once more. $from, $until: the first and the last
delete from ledger
where sold_at >= $from::date::timestamp at time zone 'UTC'
  and sold_at < ($until::date + 1)::timestamp at time zone 'UTC';
