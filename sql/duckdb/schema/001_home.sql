-- The catalog of a home. Append-only: a later change is a new file beside this one.
-- No index anywhere: DuckDB's ART indexes cost 30x the space and 77x the time of a daily delete on a ledger and
-- have a record of corruption; uniqueness is kept by the one writer at a time and proved by `check_*.sql`.

create table meta (
  key varchar not null,
  value varchar not null
);

-- One row per source file that entered. `content_hash` is of the decompressed text as it was read.
create table imports (
  import_id varchar not null,
  sequence bigint not null, -- order of registration; breaks ties between equal instants
  content_hash varchar not null,
  content_bytes bigint not null,
  file_bytes bigint not null,
  path varchar not null,
  source varchar,
  category varchar, -- of all its rows, or where the column has nothing
  category_column varchar, -- of raw_data
  date date not null,
  imported_at timestamptz not null, -- the instant the rows count from
  recorded_at timestamptz not null, -- the instant they were really recorded
  lines bigint not null,
  accepted bigint not null,
  rejected bigint not null,
  numbers bigint not null,
  mismatched bigint not null, -- filed under --provider although their prefix belongs to another
  reasons json not null,
  forced boolean not null
);

-- One row per Parquet file of the pool. Readers take this list, never a glob: a file that is not here is no part of the pool.
create table pool_files (
  path varchar not null, -- relative to the home
  import_id varchar not null,
  provider varchar not null,
  date date not null,
  imported_at timestamptz not null,
  sequence bigint not null,
  synthetic boolean not null,
  numbers bigint not null,
  bytes bigint not null,
  columns varchar[] not null, -- of raw_data, in the source's order
  phone_column varchar not null -- the one of them that held the phone
);

create table orders (
  order_id varchar not null,
  key varchar,
  state varchar not null, -- reserved, delivered, cancelled
  providers varchar[] not null,
  customer varchar,
  synthetic boolean not null,
  requested bigint not null,
  numbers bigint not null,
  criteria json not null,
  excluded json not null,
  reserved_at timestamptz not null,
  delivered_at timestamptz,
  cancelled_at timestamptz,
  disclosed boolean not null, -- a delivery was begun: somebody may have some of it
  keeps_cooldown boolean not null, -- of a cancelled order: its numbers stay in the ledger
  output varchar,
  bytes bigint,
  sha256 varchar
);

-- How many numbers an order took from each pool file: what `stats` and `order show` add up without reading the ledger.
create table order_files (
  order_id varchar not null,
  path varchar not null,
  provider varchar not null,
  date date not null,
  numbers bigint not null
);

create table ledger (
  phone bigint not null,
  provider varchar not null,
  order_id varchar,
  sold_at timestamptz not null
);

create table suppression (
  phone bigint not null,
  kind varchar not null, -- dnc, invalid, customer, erased
  customer varchar, -- of kind customer: whose list it is
  reason varchar,
  added_at timestamptz not null,
  until timestamptz -- null: for ever
);

-- The home's own folder, wherever it was moved: the path of the open database, taken from the one setting that holds it.
-- (A view can call settings and variables but no subquery for the path of a file.)
create macro home_folder() as
  replace(current_setting('temp_directory'), 'numbers.duckdb.tmp', '');

create view raw_numbers as
  select
    p.phone,
    p.raw_data,
    f.provider,
    f.date,
    f.imported_at,
    coalesce(
      json_extract_string(p.raw_data, '$."' || replace(i.category_column, '"', '\"') || '"'),
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
  ) p
  join pool_files f on f.path = replace(p.filename, home_folder(), '')
  join imports i on i.import_id = f.import_id;

create view sales_history as
  select l.phone, l.order_id, l.provider, o.customer, l.sold_at
  from ledger l
  left join orders o on o.order_id = l.order_id;

-- All that may not be sold now: the ledger inside the usual cooldown of 30 days, and the suppression.
create view blacklist as
  select phone, 'sold' as kind, sold_at + interval 30 days as until
  from ledger
  where sold_at > now() - interval 30 days
  union all
  select phone, kind, until
  from suppression
  where until is null or until > now();
