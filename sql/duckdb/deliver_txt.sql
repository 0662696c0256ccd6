-- Writes an order as txt: the union of its files, newest first. $target varchar, and what deliver_file binds for each file
copy (
{{files}}
) to $target (format csv, header false, delimiter ',', quote '', escape '', compression {{compression}}, use_tmp_file false);
