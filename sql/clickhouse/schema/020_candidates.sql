-- Phones that are looked at for an order or a count, each once, at the row that is picked first: a partition for each look,
-- dropped when it is over. What a crash leaves is swept (`select_old_looks`). A statement whose answer was lost may run twice: its
-- rows are the same, and count once.
create table if not exists candidates (
  look_id String,
  phone Int64,
  place Int64, -- the file in the order of picking, and in the low 32 bits the row's place in it
  rows Int64
)
engine = ReplacingMergeTree
partition by look_id
order by phone
