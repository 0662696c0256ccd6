-- The candidate files by their position, so that a pick's rank finds its file.
-- $paths varchar[], $providers varchar[]
create or replace temp table picked_files as
select
  unnest($paths::varchar[]) as path,
  unnest($providers::varchar[]) as provider,
  unnest(range(len($paths::varchar[]))) as position;
