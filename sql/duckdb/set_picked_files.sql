-- The candidate files by their position, so that a pick's rank finds its file: a join would carry the names through the sort
-- of a million rows, which takes a third longer. Names as enums: a row that is written has a byte for each in place of the text.
-- $paths varchar[], $providers varchar[], $order_id varchar; {{path}}, {{provider}}, {{order}}: all that they can be
set variable picked_files = {
  'paths': $paths::enum({{path}})[],
  'providers': $providers::enum({{provider}})[],
  'order_id': $order_id::enum({{order}})
};
