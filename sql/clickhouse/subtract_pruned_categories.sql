-- What is left of pruned imports by category. Those of which nothing is left keep the names of their categories, so that
-- they stay known. Of one that is partly gone and has its categories in a column, only its rows would tell: it is counted
-- as before.
insert into import_categories (import_id, category, numbers, row_version)
select c.import_id, c.category, least(c.numbers, i.numbers - i.pruned), {row_version:UInt64}
from import_categories c
join imports i on i.import_id = c.import_id
where i.pruned > 0
  and (i.category_column is null or i.numbers = i.pruned)
