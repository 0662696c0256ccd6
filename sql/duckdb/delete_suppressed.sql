-- Takes a few phones off the suppression of this kind and customer. $phones bigint[], $kind varchar, $customer varchar or null
delete from suppression
where kind = $kind::varchar
  and lower(customer) is not distinct from lower($customer::varchar)
  and phone in (select unnest($phones::bigint[]));
