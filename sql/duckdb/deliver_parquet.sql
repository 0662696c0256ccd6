-- Writes an order as parquet: the union of its files, newest first. $target varchar, and what deliver_file binds for each file
copy (
{{files}}
) to $target (format parquet, compression zstd, compression_level 1, use_tmp_file false);
