-- Homes that are kept for years: small files joined, old days dropped.

-- Several imports may share a file once their small ones were joined: a pool file's rows begin at `first_row` of `file`.
-- `bytes` is then its share, so that the shares of a file add up to its size.
alter table pool_files add column first_row bigint default 0;

-- SHA-256 of the file: Parquet has no checksums of its own. Null: it was written before they were noted.
alter table pool_files add column sum varchar;

alter table imports add column pruned bigint default 0; -- numbers of it that were dropped with their day
alter table orders add column pruned_at timestamptz; -- its sales were dropped with their day: nothing is left to deliver

-- As it was, and each row goes to the import whose part of the file it stands in. Parts are found by blocks of 2,048 rows:
-- by a file's name alone, every row of a file of 500 parts would be compared with all of them.
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
      filename,
      file_row_number
    from read_parquet(
      -- The pool, and views/raw_numbers/empty/none.parquet: a pattern that matches nothing is an error.
      home_folder() || '[pv]*/*/*/*.parquet',
      union_by_name = true,
      filename = true,
      file_row_number = true,
      hive_partitioning = false
    )
    where phone is not null
  ) p
  join (
    select
      *,
      coalesce(file, path) as stored,
      first_row + numbers + erased - 1 as last_row,
      unnest(range(first_row >> 11, ((first_row + numbers + erased - 1) >> 11) + 1)) as block
    from pool_files
  ) f on f.stored = replace(p.filename, home_folder(), '')
    and f.block = p.file_row_number >> 11
    and p.file_row_number between f.first_row and f.last_row
  join imports i on i.import_id = f.import_id;
