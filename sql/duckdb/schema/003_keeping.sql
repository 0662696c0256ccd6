-- Homes that are kept for years: small files joined, old days dropped.

-- Several imports may share a file once their small ones were joined: a pool file's rows begin at `first_row` of `file`.
-- `bytes` is then its share, so that the shares of a file add up to its size.
alter table pool_files add column first_row bigint default 0;

alter table imports add column pruned bigint default 0; -- numbers of it that were dropped with their day
alter table orders add column pruned_at timestamptz; -- its sales were dropped with their day: nothing is left to deliver
