-- -> bytes bigint of the database file, free_bytes bigint of them in blocks that hold nothing
select total_blocks * block_size as bytes, free_blocks * block_size as free_bytes
from pragma_database_size();
