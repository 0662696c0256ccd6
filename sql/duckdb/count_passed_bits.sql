-- Rows in the bitmap of set_passed_rows.sql, each once. -> numbers bigint
select coalesce(bit_count(getvariable('passed_{{n}}')), 0)::bigint as numbers;
