-- $paths varchar[], below the home
insert into doomed_files
select unnest($paths::varchar[]);
