-- Numbers by category whatever its case, most first; none, and no imports, where all were pruned.
-- -> category, numbers bigint, imports bigint
select min(category) as category, sum(numbers)::bigint as numbers, count(distinct import_id) filter (where numbers > 0) as imports
from import_categories
group by lower(category)
order by numbers desc, category;
