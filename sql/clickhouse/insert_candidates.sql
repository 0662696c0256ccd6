-- The phones of some files that meet the criteria, each at the row that is picked first.
-- {{place}}: the row's place in the order of picking; {{columns}}: a join with `columns_of_files`, where the criteria name
-- columns; {{wanted}}: what the rows must be, and what it binds. (Each phone is in it once: to look for others that are the same
-- before they are written took 2.2 s in place of 0.9, of 4 million rows.)
-- {look_id}; {paths} in the order of picking; {last_place}: rows behind it are not looked at
insert into candidates (look_id, phone, place, rows)
with bitShiftLeft(toInt64(indexOf({paths:Array(String)}, p.path)) - 1, 32) + {{place}} as place
select
  {look_id:String},
  p.phone,
  min(place),
  count()
from pool p
{{columns}}
where p.date in (select date from pool_files where path in ({paths:Array(String)}))
  and p.provider in (select provider from pool_files where path in ({paths:Array(String)}))
  and p.path in ({paths:Array(String)})
  and place <= {last_place:Int64}
  and {{wanted}}
group by p.phone
settings max_bytes_ratio_before_external_group_by = 0.4, optimize_on_insert = 0
