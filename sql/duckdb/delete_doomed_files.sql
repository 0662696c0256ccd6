-- $paths varchar[]
delete from doomed_files
where path in (select unnest($paths::varchar[]));
