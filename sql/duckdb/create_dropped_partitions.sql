-- The partitions of the pool that are dropped, by their place in two lists. $dates varchar[], $providers varchar[]
create or replace temp table dropped_partitions as
select
  unnest($dates::varchar[])::date as date,
  unnest($providers::varchar[]) as provider;
