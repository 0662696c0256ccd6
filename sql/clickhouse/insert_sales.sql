-- Marks the picks as sold. With one token a second run, or one beside it, adds nothing: the server knows again what it cut in the
-- same way, so one thread sorts them all, in memory, and cuts them every 65,409 rows, whatever parts they lie in and whatever --threads
-- says (with two threads, or read in the order of the parts, 1,060,000 sales became 2,108,576 when another process ran it again).
-- It has to be told to heed the token of a select that is not `order by all`, which sorted a million rows for 0.2 s more.
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
  max_threads = 1,
  max_insert_threads = 1,
  optimize_read_in_order = 0,
  max_bytes_ratio_before_external_sort = 0,
  deduplicate_insert_select = 'enable_even_for_bad_queries'
