-- Rows of others that share a phone cell with an erased person: as it was written it holds both numbers. {{cells}}: erased_cells
-- -> path, row
with
  suspects as ({{cells}}),
  files as (
    select path, import_id as list, indexOf(arrayMap(name -> lowerUTF8(name), columns), lowerUTF8(phone_column)) as place
    from pool_files
    where import_id in (select list from suspects)
  )
select path, row
from (
  select
    p.path as path,
    p.row as row,
    coalesce(f.list, p.path) as list,
    if(f.place is null, arrayStringConcat(arrayMap(c -> ifNull(c, ''), p.cells), '\n'), ifNull(p.cells[f.place], '')) as cell
  from pool p
  left join files f on f.path = p.path
  left anti join (select phone from erasing where counted) e on e.phone = p.phone
  where p.path in (select path from files union all select list from suspects)
)
where (list, cell) in (select list, cell from suspects)
order by path, row
