-- Forgets a look. {{table}}, {{look}}: its id as a text of SQL
alter table {{table}} drop partition {{look}}
