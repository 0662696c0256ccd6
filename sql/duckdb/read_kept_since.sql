-- The instant before which sales were dropped from the ledger, if ever. -> since timestamptz
select value::timestamptz as since
from meta
where key = 'ledger_kept_since';
