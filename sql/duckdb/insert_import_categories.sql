-- Numbers of an import by category. $import_id varchar; $categories varchar[] and $numbers bigint[], in the same order
insert into import_categories (import_id, category, numbers)
select $import_id, unnest($categories::varchar[]), unnest($numbers::bigint[]);
