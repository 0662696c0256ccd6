-- Gives back the room of a temporary table. Inside a transaction it would be kept until the end. {{table}}: its name
drop table if exists {{table}};
