-- What the catalog notes beside its version, which is the one of its own schema.
select rowid, key, value
from meta
where key <> 'version'
