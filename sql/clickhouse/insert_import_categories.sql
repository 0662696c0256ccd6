-- Numbers of an import by category. {import_id}; {categories} and {numbers}, in the same order
insert into import_categories (import_id, category, numbers)
select {import_id:String}, category, numbers
from (
  select {categories:Array(String)} as category, {numbers:Array(Int64)} as numbers
)
array join category, numbers
