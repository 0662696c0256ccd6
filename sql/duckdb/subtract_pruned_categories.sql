-- What is left of pruned imports by category. Those of which nothing is left keep the names of their categories, so that
-- they stay known. Of one that is partly gone and has its categories in a column, only its file would tell: it is counted
-- as before.
update import_categories
set numbers = least(import_categories.numbers, i.left_over)
from (
  select import_id, numbers - pruned as left_over
  from imports
  where pruned > 0
    and (category_column is null or numbers = pruned)
) i
where import_categories.import_id = i.import_id;
