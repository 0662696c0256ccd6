-- Numbers by category whatever its case, most first; none, and no imports, where all were pruned.
-- -> category, numbers, imports
select
  min(c.category) as category,
  sum(c.numbers) as numbers,
  uniqExactIf(c.import_id, c.numbers > 0) as imports
from import_categories c
group by lowerUTF8(c.category)
order by sum(c.numbers) desc, min(c.category)
