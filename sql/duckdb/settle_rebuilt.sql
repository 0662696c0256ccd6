-- A database that was made anew holds nothing of whom the files were cleaned of. $at timestamptz
update erasures
set finished_at = $at::timestamptz
where finished_at is null
  and phone is null;
