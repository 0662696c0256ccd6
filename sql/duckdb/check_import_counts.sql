-- Promise 4: every line of an import is accepted or rejected, and its files hold its numbers but for those that were
-- dropped with their day. -> found
with files as (
  select import_id, sum(numbers) as numbers
  from pool_files
  group by import_id
)
select
  'import ' || i.import_id || ': ' || i.lines || ' lines, ' || i.accepted || ' accepted, ' || i.rejected
    || ' rejected, ' || i.numbers || ' numbers, ' || coalesce(f.numbers, 0) || ' in its files, '
    || coalesce(i.pruned, 0) || ' pruned' as found
from imports i
left join files f on f.import_id = i.import_id
where i.lines <> i.accepted + i.rejected
   or i.numbers <> coalesce(f.numbers, 0) + coalesce(i.pruned, 0);
