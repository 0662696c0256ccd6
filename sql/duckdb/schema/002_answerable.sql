-- Orders that can be answered for: who may not be sold, who buys, who supplied, and what was done by whom.

-- Rows of erased persons stay as empty rows, so that all others keep the places that ledger copies know them by.
-- `path` stays the name by which orders know the file; `file` is where its rows lie once it was written anew.
alter table pool_files add column erased bigint default 0;
alter table pool_files add column file varchar;
alter table imports add column erased bigint default 0;

-- `numbers` is what the ledger has of an order now; with the two below it is what was reserved.
alter table orders add column withdrawn bigint default 0; -- suppressed between reservation and delivery: never delivered
alter table orders add column erased bigint default 0; -- delivered, and erased since
alter table orders add column price decimal(18, 2); -- of a thousand numbers, as it was when the order was made
alter table orders add column files json; -- of a split delivery: path, numbers, bytes, sha256 of each

-- Names are unique whatever their case.
create table customers (
  name varchar not null,
  daily_cap bigint, -- numbers in a calendar day of the home's time zone; null: no cap
  monthly_cap bigint,
  price decimal(18, 2), -- of a thousand numbers
  never_twice boolean not null, -- never sell this customer a number that it had before
  suspended boolean not null,
  added_at timestamptz not null
);

create table sources (
  name varchar not null,
  basis varchar, -- on what ground the numbers may be used
  contact varchar,
  expires date, -- the last day, in the home's time zone, on which its numbers may be sold
  added_at timestamptz not null
);

-- Categories of an import, so that they are counted without reading the pool.
create table import_categories (
  import_id varchar not null,
  category varchar not null,
  numbers bigint not null
);

-- A returned list, and the numbers of it that were taken back. A number of an order is credited once.
create table returns (
  return_id varchar not null,
  order_id varchar not null,
  reason varchar not null,
  numbers bigint not null,
  price decimal(18, 2), -- of a thousand numbers
  credit decimal(18, 2),
  returned_at timestamptz not null
);

create table returned (
  phone bigint not null,
  order_id varchar not null,
  return_id varchar not null
);

-- Suppression of numbers that only their digests are known of. `digest` is md5_number of the digest's hexadecimal text,
-- in small letters: 16 bytes whatever the algorithm.
create table suppressed_digests (
  digest uhugeint not null,
  algorithm varchar not null, -- md5, sha256
  form varchar not null, -- what was hashed: digits, e164, national
  kind varchar not null, -- dnc, invalid, customer
  customer varchar,
  reason varchar,
  added_at timestamptz not null,
  until timestamptz
);

-- Persons who were erased. `digest` is keyed: md5_number(sha256(key || phone)), the key is in the home's erasure.key.
create table erasures (
  erasure_id varchar not null,
  digest hugeint not null,
  phone bigint, -- until its rows are gone from every file; then null
  reason varchar not null,
  erased_at timestamptz not null,
  finished_at timestamptz
);

-- Files below the home that no row names any more: whoever writes next removes them.
create table doomed_files (
  path varchar not null
);

-- What was done, by whom, when: append-only, each entry with the hash of the one before. No phone number stands in it.
create table audit (
  sequence bigint not null,
  done_at timestamptz not null,
  actor varchar not null,
  action varchar not null, -- such as order.reserve
  subject varchar not null, -- the id or name that it was done to
  details json not null,
  previous varchar not null,
  hash varchar not null
);

create or replace view raw_numbers as
  select
    p.phone,
    p.raw_data,
    f.provider,
    f.date,
    f.imported_at,
    coalesce(
      nullif(trim(json_extract_string(p.raw_data, '$."' || replace(i.category_column, '"', '\"') || '"')), ''),
      i.category
    ) as category,
    i.source,
    f.import_id
  from (
    select
      phone,
      -- As JSON, because lists have different columns; what a list does not have, or has empty, is left out.
      json_merge_patch('{}', to_json(raw_data)) as raw_data,
      filename
    from read_parquet(
      -- The pool, and views/raw_numbers/empty/none.parquet: a pattern that matches nothing is an error.
      home_folder() || '[pv]*/*/*/*.parquet',
      union_by_name = true,
      filename = true,
      hive_partitioning = false
    )
    where phone is not null
  ) p
  join pool_files f on coalesce(f.file, f.path) = replace(p.filename, home_folder(), '')
  join imports i on i.import_id = f.import_id;
