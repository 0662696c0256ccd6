-- Takes the blocked numbers of an order out of the ledger: they were never delivered. $order_id varchar
delete from ledger
where order_id = $order_id
  and exists (select 1 from blocked where blocked.phone = ledger.phone);
