-- How far a statement is is asked for, not printed by the engine.
set enable_progress_bar_print = false;
