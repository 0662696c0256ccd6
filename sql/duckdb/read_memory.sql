-- What the engine holds, in bytes. -> held bigint, blocks bigint: those of the database among them, which can be read again
select
  sum(memory_usage_bytes)::bigint as held,
  coalesce(sum(memory_usage_bytes) filter (where tag = 'BASE_TABLE'), 0)::bigint as blocks
from duckdb_memory();
