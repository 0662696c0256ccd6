-- What the rows of a file have, whatever the case of its names; a join of insert_candidates.
join (
  select
    g.path as path,
    arrayMap(name -> lowerUTF8(name), g.columns) as columns,
    ifNull(lowerUTF8(i.category_column), '') as category_column,
    i.category as category
  from pool_files g
  join imports i on i.import_id = g.import_id
  where g.path in ({paths:Array(String)})
) f on f.path = p.path
