-- Judges the numbers of a list: repeated when this order had them back before, foreign when they were never in it.
-- $path varchar a file of phone and occurrences, $order_id varchar
insert into presented
select
  p.phone,
  p.occurrences,
  case
    when r.phone is not null then 'repeated'
    when s.phone is null then 'foreign'
    else 'returned'
  end
from read_parquet($path, hive_partitioning = false) p
left join (
  select phone
  from ledger
  where order_id = $order_id
) s on s.phone = p.phone
left join (
  select phone
  from returned
  where order_id = $order_id
) r on r.phone = p.phone;
