-- The instant before which sales were dropped from the ledger, if ever. -> since
select parseDateTime64BestEffort(value, 3, 'UTC') as since
from meta
where key = 'ledger_kept_since'
