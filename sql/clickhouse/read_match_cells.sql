-- The category cells of some rows. {phones} of them, {places} `path:row` -> place, cell or null
select
  concat(p.path, ':', toString(p.row)) as place,
  nullIf(replaceRegexpAll(p.cells[indexOf(f.columns, i.category_column)], '^\\p{Zs}+|\\p{Zs}+$', ''), '') as cell
from pool p
join pool_files f on f.path = p.path
join imports i on i.import_id = f.import_id
where p.phone in {phones:Array(Int64)}
  and concat(p.path, ':', toString(p.row)) in {places:Array(String)}
