-- Whether the database was ever used. -> rows
select
  (select count() from imports) + (select count() from orders) + (select count() from ledger)
    + (select count() from suppression) + (select count() from suppressed_digests)
    + (select count() from customers) + (select count() from sources) + (select count() from erasures) as rows
