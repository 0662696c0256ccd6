-- Registers what an import brought, for each provider: from now on its rows count. {import_id}; of each: {paths}, {providers},
-- {synthetic} 0 or 1, {numbers}, {bytes}, {sums}; of all: {columns}, {phone_column}
insert into pool_files (
  path,
  import_id,
  provider,
  date,
  imported_at,
  sequence,
  synthetic,
  numbers,
  bytes,
  columns,
  phone_column,
  sum
)
select
  {paths:Array(String)}[n],
  i.import_id,
  {providers:Array(String)}[n],
  i.date,
  i.imported_at,
  i.sequence,
  toBool({synthetic:Array(Int64)}[n]),
  {numbers:Array(Int64)}[n],
  {bytes:Array(Int64)}[n],
  {columns:Array(String)},
  {phone_column:String},
  {sums:Array(String)}[n]
from imports i
array join arrayEnumerate({paths:Array(String)}) as n
where i.import_id = {import_id:String}
