-- The candidate files by their position, so that a pick's rank finds its file: a join would carry the names through the sort
-- of a million rows, which takes a third longer. $paths varchar[], $providers varchar[]
set variable picked_files = {'paths': $paths::varchar[], 'providers': $providers::varchar[]};
