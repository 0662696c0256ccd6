-- A record without cells for each erased person of a source that has no other rejects of its cells; no header.
-- {{blank}}: an empty cell for each column; $erased bigint, $target varchar
copy (
  select 'erased', {{blank}}
  from range($erased::bigint)
) to $target (format csv, header false, delimiter ',', quote '"', escape '"', nullstr '');
