-- An order's rows as the server sent them, in their order. $path varchar; {{columns}}: what is delivered
select {{columns}}
from read_parquet($path)
