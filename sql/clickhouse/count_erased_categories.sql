-- What is left of the categories that erased persons stand in. {ids}; {paths}: the files that have them
-- -> import_id, category as it is spelled, numbers
select c.import_id as import_id, c.category as category, c.numbers - g.numbers as numbers
from import_categories c
join (
  select import_id, lowerUTF8(category) as folded, count() as numbers
  from (
    select
      f.import_id as import_id,
      coalesce(nullif(replaceRegexpAll(p.cells[f.place], '^\\p{Zs}+|\\p{Zs}+$', ''), ''), f.category) as category
    from pool p
    join (
      select
        n.path as path,
        n.import_id as import_id,
        i.category as category,
        indexOf(arrayMap(name -> lowerUTF8(name), n.columns), ifNull(lowerUTF8(i.category_column), '')) as place
      from pool_files n
      join imports i on i.import_id = n.import_id
      where n.path in ({paths:Array(String)})
    ) f on f.path = p.path
    where p.phone in (select phone from erasing where erasure_id in ({ids:Array(String)}))
  )
  where category is not null
  group by import_id, folded
) g on g.import_id = c.import_id and g.folded = lowerUTF8(c.category)
