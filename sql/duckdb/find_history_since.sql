-- Since when the ledger has the sales of a history; no row: all of them. $import_id varchar -> since varchar
select value as since
from meta
where key = 'history_kept_since ' || $import_id::varchar;
