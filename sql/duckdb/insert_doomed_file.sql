-- $path varchar, below the home
insert into doomed_files
values ($path);
