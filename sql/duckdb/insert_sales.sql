-- Marks the picks as sold: sorted, so that the ledger's zone maps and its compression have something to go by.
-- {{provider}}: of the row's file; a constant where all are of one provider: to look each up takes a fifth longer.
-- $order_id varchar, $at timestamptz
insert into ledger
select phone, {{provider}}, $order_id, $at::timestamptz
from (
  select phone, rank
  from picks
  order by phone
);
