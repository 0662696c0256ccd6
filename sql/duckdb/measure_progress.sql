-- The engine keeps count of how much of its sources a statement has read.
set enable_progress_bar = true;
