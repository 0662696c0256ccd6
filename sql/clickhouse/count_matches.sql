-- How many rows of each import have digits at the beginning of their phone or anywhere in it, newest import first; those without
-- any are left out. {digits}, {is_beginning} -> import_id, numbers
select m.import_id as import_id, m.numbers as numbers
from (
  select
    f.import_id as import_id,
    sum(p.numbers) as numbers,
    max(f.imported_at) as imported_at,
    max(f.sequence) as sequence
  from (
    select path, count() as numbers
    from pool
    where if(
      {is_beginning:Bool},
      startsWith(toString(phone), {digits:String}),
      position(toString(phone), {digits:String}) > 0
    )
    group by path
  ) p
  join pool_files f on f.path = p.path
  group by f.import_id
) m
join imports i on i.import_id = m.import_id
order by m.imported_at desc, m.sequence desc
