-- Pool files and where their rows lie: from first to last in a file that others may share. `list` is what their rows were read
-- from. $files, $paths, $lists varchar[], $firsts, $lasts bigint[]
create or replace temp table pieces as
select
  unnest($files::varchar[]) as file,
  unnest($paths::varchar[]) as path,
  unnest($lists::varchar[]) as list,
  unnest($firsts::bigint[]) as first,
  unnest($lasts::bigint[]) as last;
