-- Drops a day. {{table}}, {{day}}: as a text of SQL. What the server takes for too large to be dropped by mistake goes too.
alter table {{table}} drop partition {{day}}
settings max_partition_size_to_drop = 0
