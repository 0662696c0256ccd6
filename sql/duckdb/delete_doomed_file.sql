-- $path varchar
delete from doomed_files
where path = $path;
