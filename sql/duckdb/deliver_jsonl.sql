-- Writes an order as jsonl: the union of its files, newest first. $target varchar, and what deliver_file binds for each file
copy (
{{files}}
) to $target (format json, array false, compression {{compression}}, use_tmp_file false);
