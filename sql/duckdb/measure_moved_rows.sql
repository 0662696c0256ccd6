-- {{table}} -> rows bigint, last bigint: the greatest row id
select count(*) as rows, max(rowid) as last
from {{table}};
