-- Marks the picks as sold. In one order always and sorted whole, so that the server cuts them into the same blocks each time, and
-- with one token a second run, or one beside it, adds nothing; the server has to be told to heed the token of a select that is not
-- `order by all`, which sorted a million rows for 0.2 s more.
-- {order_id}, {day}, {at}; {row_version} is given by whoever makes the change
insert into ledger (phone, provider, order_id, import_id, sold_at, sequence)
select
  phone,
  provider,
  {order_id:String},
  null,
  {at:DateTime64(3, 'UTC')},
  {row_version:UInt64}
from picks
where day = {day:Date} and order_id = {order_id:String}
order by rank
settings
  max_insert_threads = 1,
  optimize_read_in_order = 0,
  deduplicate_insert_select = 'enable_even_for_bad_queries'
