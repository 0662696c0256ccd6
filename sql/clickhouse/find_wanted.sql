-- In which pool files the numbers that are looked up stand. {phones}
-- -> phone, path, rows, provider, category: what the import's column says of them, else the import
select
  p.phone as phone,
  p.path as path,
  count() as rows,
  any(f.provider) as provider,
  coalesce(
    min(nullIf(replaceRegexpAll(p.cells[indexOf(f.columns, i.category_column)], '^\\p{Zs}+|\\p{Zs}+$', ''), '')),
    any(i.category)
  ) as category
from pool p
join pool_files f on f.path = p.path
join imports i on i.import_id = f.import_id
where p.phone in {phones:Array(Int64)}
group by p.phone, p.path
order by p.phone, p.path
