-- Marks the picks as sold. In one order always, so that with one token a second run, or one beside it, adds nothing; without
-- `order by all` the server does not heed the token. {order_id}, {day}, {at}
insert into ledger (phone, provider, order_id, import_id, sold_at)
select phone, provider, {order_id:String}, null, {at:DateTime64(3, 'UTC')}
from picks
where day = {day:Date} and order_id = {order_id:String}
order by all
settings max_insert_threads = 1, deduplicate_insert_select = 'force_enable'
