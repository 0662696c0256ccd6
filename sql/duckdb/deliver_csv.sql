-- Writes an order as csv: the union of its files, newest first. $target varchar, and what deliver_file binds for each file
copy (
{{files}}
) to $target (format csv, header true, delimiter ',', quote '"', escape '"', nullstr '', compression {{compression}}, use_tmp_file false);
