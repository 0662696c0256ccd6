-- The rows of a pool file as it is staged, none of them empty: what they are is known of all, their places are counted as they come.
-- {{file}}: the columns of the file, as a text; {{cells}}: those of its `raw_data`. {date}, {provider}, {path} in the pool
-- By one thread, so that with one token a second time adds nothing: the server cuts the rows into the same blocks again.
insert into pool (date, provider, phone, path, row, cells)
select
  {date:Date},
  {provider:String},
  assumeNotNull(phone),
  {path:String},
  toInt64(rowNumberInAllBlocks()),
  [{{cells}}]
from input({{file}})
settings
  max_threads = 1,
  max_insert_threads = 1,
  input_format_parquet_preserve_order = 1,
  deduplicate_insert_select = 'enable_even_for_bad_queries'
