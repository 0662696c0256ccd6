-- Rows that a thread may hold back before it writes: the default of 524,288 costs 1.5 GB.
set partitioned_write_flush_threshold = 30720;
