-- The numbers that are looked up. $phones bigint[]
create or replace temp table wanted as
select unnest($phones::bigint[]) as phone;
