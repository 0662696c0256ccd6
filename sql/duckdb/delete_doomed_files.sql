-- $paths varchar[]
delete from doomed_files
where list_contains($paths::varchar[], path);
