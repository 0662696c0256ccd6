-- Phone cells of erased persons that may hold more than their number: they have more digits, or others. Of what no list has all
-- cells count. Inside another select -> list, cell
select distinct list, cell
from (
  select
    coalesce(l.list, p.path) as list,
    if(l.place is null, arrayStringConcat(arrayMap(c -> ifNull(c, ''), p.cells), '\n'), ifNull(p.cells[l.place], '')) as cell,
    substring(toString(p.phone), 3) as national
  from pool p
  left join (
    select path, import_id as list, indexOf(arrayMap(name -> lowerUTF8(name), columns), lowerUTF8(phone_column)) as place
    from pool_files
  ) l on l.path = p.path
  where p.phone in (select phone from erasing where counted)
)
where cell <> ''
  and replaceRegexpAll(cell, '[^0-9]', '')
    not in (national, concat('0', national), concat('62', national), concat('062', national), concat('0062', national))
