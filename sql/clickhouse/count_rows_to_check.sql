-- How much there is to look at. -> table, date or null, numbers
select 'ledger' as table, cast(null, 'Nullable(String)') as date, count() as numbers
from ledger
union all
select 'picks', null, count()
from picks
union all
select 'pool', toString(date), count()
from pool
group by date
