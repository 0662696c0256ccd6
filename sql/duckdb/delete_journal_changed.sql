-- Takes away the rows of what changed later. {{table}}, {{key}}: the column that names it, $kind varchar
delete from {{table}}
where {{key}}::varchar in (select id from journal_changes where kind = $kind);
