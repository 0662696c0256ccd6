-- What the engine may use. -> threads bigint, memory varchar such as 1.8 GiB
select current_setting('threads') as threads, current_setting('memory_limit') as memory;
