-- Takes one block of a history's fresh sales into the ledger. Of one token each partition takes it once, because a block is sent
-- as one, its order is the same each time, and so is where the server cuts it (insert_sales).
-- {fresh_id}, {block}, {import_id}; {row_version} is given by whoever makes the change
insert into ledger (phone, provider, order_id, import_id, sold_at, sequence)
select phone, provider, null, {import_id:String}, sold_at, {row_version:UInt64}
from listed
where list_id = {fresh_id:String}
  and block = {block:Int64}
order by all
settings
  max_threads = 1,
  max_insert_threads = 1,
  optimize_read_in_order = 0,
  max_bytes_ratio_before_external_sort = 0,
  max_partitions_per_insert_block = 0,
  deduplicate_insert_select = 'force_enable'
