-- A table of the catalog as a file of the journal. {{table}}, {{columns}}: all of it, $path varchar
copy (select {{columns}} from {{table}}) to $path (format parquet, compression zstd, compression_level 1);
