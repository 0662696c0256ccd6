-- All rows of a table, which is read once more. {{table}}
delete from {{table}};
