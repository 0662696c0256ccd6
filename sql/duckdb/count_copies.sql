-- Rows of copies in ledger/, from their footers. $copies varchar[] -> copy, numbers bigint
select file_name as copy, num_rows as numbers
from parquet_file_metadata($copies::varchar[]);
