-- When a row of a list was sold, inside another select: what its cell says, or the fallback where the cell is empty.
-- {{cell}}: the column of dates; $zone varchar, $fallback timestamptz or null
case
  when coalesce(trim({{cell}}), '') = '' then $fallback::timestamptz
  else instant_of({{cell}}, $zone::varchar)
end
