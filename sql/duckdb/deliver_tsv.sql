-- Writes an order as tsv: the union of its files, newest first. $target varchar, and what deliver_file binds for each file
copy (
{{files}}
) to $target (format csv, header true, delimiter '\t', quote '"', escape '"', nullstr '', compression {{compression}}, use_tmp_file false);
