-- The phones of some files that meet the criteria, each at the row that is picked first.
-- {{place}}: the row's place in the order of picking; {{wanted}}: what the rows must be, and what it binds
-- {look_id}; {paths} in the order of picking
insert into candidates (look_id, phone, place, rows)
select
  {look_id:String},
  p.phone,
  min(bitShiftLeft(f.position, 32) + {{place}}),
  count()
from pool p
join (
  select
    n.path as path,
    n.position as position,
    arrayMap(name -> lowerUTF8(name), g.columns) as columns,
    ifNull(lowerUTF8(i.category_column), '') as category_column,
    i.category as category
  from (
    select pair.1 as path, toInt64(pair.2) - 1 as position
    from (
      select arrayJoin(arrayZip({paths:Array(String)}, arrayEnumerate({paths:Array(String)}))) as pair
    )
  ) n
  join pool_files g on g.path = n.path
  join imports i on i.import_id = g.import_id
) f on f.path = p.path
where p.date in (select date from pool_files where path in ({paths:Array(String)}))
  and p.provider in (select provider from pool_files where path in ({paths:Array(String)}))
  and {{wanted}}
group by p.phone
settings max_bytes_ratio_before_external_group_by = 0.4
