-- The rows of what was changed, as they are now, each as JSON text whose values are text or lists of text.
-- $import, $order, $customer, $source, $phone, $return varchar[]: ids by kind; $sequence bigint: audit entries after it
-- -> kind varchar, id varchar, "table" varchar, "row" varchar
select 'import' as kind, import_id as id, 'imports' as "table", to_json(t)::varchar as "row"
from (select * replace (reasons::varchar as reasons) from imports) t
where list_contains($import::varchar[], import_id)
union all
select 'import', import_id, 'pool_files', to_json(t)::varchar
from pool_files t
where list_contains($import::varchar[], import_id)
union all
select 'import', import_id, 'import_categories', to_json(t)::varchar
from import_categories t
where list_contains($import::varchar[], import_id)
union all
select 'order', order_id, 'orders', to_json(t)::varchar
from (select * replace (criteria::varchar as criteria, excluded::varchar as excluded, files::varchar as files) from orders) t
where list_contains($order::varchar[], order_id)
union all
select 'order', order_id, 'order_files', to_json(t)::varchar
from order_files t
where list_contains($order::varchar[], order_id)
union all
select 'customer', name, 'customers', to_json(t)::varchar
from customers t
where list_contains($customer::varchar[], name)
union all
select 'source', name, 'sources', to_json(t)::varchar
from sources t
where list_contains($source::varchar[], name)
union all
select 'phone', phone::varchar, 'suppression', to_json(t)::varchar
from suppression t
where list_contains($phone::varchar[], phone::varchar)
union all
select 'return', return_id, 'returns', to_json(t)::varchar
from returns t
where list_contains($return::varchar[], return_id)
union all
select 'return', return_id, 'returned', to_json(t)::varchar
from returned t
where list_contains($return::varchar[], return_id)
union all
select 'entry', sequence::varchar, 'audit', to_json(t)::varchar
from (select * replace (details::varchar as details) from audit) t
where sequence > $sequence::bigint;
