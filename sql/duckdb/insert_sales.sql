-- Marks the picks as sold: sorted, so that the ledger's zone maps and its compression have something to go by.
-- $order_id varchar, $at timestamptz
insert into ledger
select phone, getvariable('picked_files').providers[(rank >> 32) + 1], $order_id, $at::timestamptz
from (
  select phone, rank
  from picks
  order by phone
);
