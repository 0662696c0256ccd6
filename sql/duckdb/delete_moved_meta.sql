-- All that the catalog notes but its version: it is read once more.
delete from meta
where key <> 'version';
