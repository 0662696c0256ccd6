-- Rows of a table on their way to the other engine. {{columns}}, {{table}}, {{order}}
select {{columns}}
from {{table}}
order by {{order}}
