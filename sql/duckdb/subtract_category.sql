-- $import_id, $category varchar, $numbers bigint that were erased
update import_categories
set numbers = numbers - $numbers::bigint
where import_id = $import_id
  and lower(category) = lower($category);
