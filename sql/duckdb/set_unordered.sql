-- A list has no order that anybody pays for: keeping it would hold row groups back in memory.
set preserve_insertion_order = false;
