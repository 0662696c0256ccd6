-- The changes of the journal, of each thing the last one alone. $path varchar: JSON lines
create temp table journal_changes as
select kind, id, "table", "row"
from read_json(
  $path,
  format = 'newline_delimited',
  columns = {line: 'bigint', kind: 'varchar', id: 'varchar', "table": 'varchar', "row": 'varchar'}
)
qualify line = max(line) over (partition by kind, id);
