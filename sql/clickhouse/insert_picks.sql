-- Takes the first {need} of the candidates that are not blocked, in {{order}}; the order has them file by file, by their rows.
-- {look_id}, {order_id}, {day} of the order in UTC; {paths} in the order of picking; {{row}}: the row that a place stands for
insert into picks (day, order_id, rank, phone, provider, date, path, row)
select
  {day:Date},
  {order_id:String},
  toInt64(k.rank) - 1,
  k.phone,
  g.provider,
  g.date,
  g.path,
  k.row
from (
  select
    phone,
    row_number() over (order by bitShiftRight(place, 32), {{row}}) as rank,
    bitShiftRight(place, 32) as position,
    {{row}} as row
  from (
    select c.phone as phone, c.place as place
    from candidates c
    left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = c.phone
    where c.look_id = {look_id:String}
    order by {{order}}
    limit {need:UInt64}
  )
) k
join (
  select toInt64(indexOf({paths:Array(String)}, path)) - 1 as position, path, provider, date
  from pool_files
  where path in ({paths:Array(String)})
) g on g.position = k.position
order by rank
settings max_insert_threads = 1, deduplicate_insert_select = 'enable_even_for_bad_queries'
