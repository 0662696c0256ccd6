-- An order as the footer of its copy has it. $order_id varchar -> record varchar (JSON)
select
  to_json({
    order_id: order_id,
    "key": "key",
    providers: providers,
    customer: customer,
    synthetic: synthetic,
    requested: requested,
    numbers: numbers,
    withdrawn: withdrawn,
    erased: erased,
    criteria: criteria::varchar,
    excluded: excluded::varchar,
    price: price::varchar,
    "at": reserved_at::varchar
  })::varchar as record
from orders
where order_id = $order_id;
