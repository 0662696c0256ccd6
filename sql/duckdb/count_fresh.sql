-- How many rows of a list would be new. {{fresh}}: a select with its own parameters -> numbers bigint
select count(*) as numbers
from (
  {{fresh}}
);
