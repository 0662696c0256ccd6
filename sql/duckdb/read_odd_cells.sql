-- A batch of odd cells. $first bigint, $last bigint -> cell varchar or null
select cell
from odd_cells
where number between $first::bigint and $last::bigint
order by number;
