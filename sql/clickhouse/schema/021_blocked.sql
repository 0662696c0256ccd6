-- Which of the candidates may not be taken, and by which rule: each by one.
create table if not exists blocked (
  look_id String,
  phone Int64,
  rule LowCardinality(String) -- sold, dnc, invalid, customer, erased, had_before, max_sales
)
engine = ReplacingMergeTree
partition by look_id
order by phone
