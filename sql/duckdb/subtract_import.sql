-- $import_id varchar, $numbers bigint that were erased from it
update imports
set
  numbers = numbers - $numbers::bigint,
  erased = coalesce(erased, 0) + $numbers::bigint
where import_id = $import_id;
