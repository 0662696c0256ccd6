-- {{table}}: a table of ours, or a view
drop table if exists {{table}} sync
