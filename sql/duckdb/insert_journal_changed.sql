-- Puts the rows of what changed in their place. {{table}}, {{structure}}: its columns as JSON, $table varchar
insert into {{table}} by name
select unnest(from_json("row", {{structure}}))
from journal_changes
where "table" = $table;
