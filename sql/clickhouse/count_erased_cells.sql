-- {{cells}}: erased_cells -> cells
select count() as cells
from ({{cells}})
