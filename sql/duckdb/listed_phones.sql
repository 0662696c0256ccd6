-- The distinct phones of a few. $phones bigint[]
select distinct unnest($phones::bigint[]) as phone
