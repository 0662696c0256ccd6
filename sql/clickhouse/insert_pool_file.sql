-- Registers what an import brought for one provider: from now on its rows count.
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
  {path:String},
  import_id,
  {provider:String},
  date,
  imported_at,
  sequence,
  {synthetic:Bool},
  {numbers:Int64},
  {bytes:Int64},
  {columns:Array(String)},
  {phone_column:String},
  {sum:String}
from imports
where import_id = {import_id:String}
