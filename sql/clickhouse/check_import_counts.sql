-- Promise 4: every line of an import is accepted or rejected, and its files hold its numbers but for those that were
-- dropped with their day. -> found
select
  concat(
    'import ', i.import_id, ': ', toString(i.lines), ' lines, ', toString(i.accepted), ' accepted, ',
    toString(i.rejected), ' rejected, ', toString(i.numbers), ' numbers, ', toString(ifNull(f.numbers, 0)),
    ' in its files, ', toString(i.pruned), ' pruned'
  ) as found
from imports i
left join (
  select import_id, sum(numbers) as numbers
  from pool_files
  group by import_id
) f on f.import_id = i.import_id
where i.lines <> i.accepted + i.rejected
   or i.numbers <> ifNull(f.numbers, 0) + i.pruned
order by found
