-- Rows of a table of the other engine. {{table}}
insert into {{table}} ({{columns}})
