-- Takes erased persons out of the ledger. -> phone bigint, order_id or null: one row for each sale
delete from ledger
where exists (select 1 from erasing where erasing.phone = ledger.phone)
returning phone, order_id;
