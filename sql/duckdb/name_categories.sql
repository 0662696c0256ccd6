-- Categories that begin with $typed, whatever its case, as they came in.
-- $typed varchar, $limit bigint -> value, numbers bigint
select min(category) as value, sum(numbers)::bigint as numbers
from import_categories
where starts_with(lower(category), lower($typed))
group by lower(category)
order by lower(value)
limit $limit::bigint;
