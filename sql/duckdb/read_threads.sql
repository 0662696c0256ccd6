-- -> threads bigint
select current_setting('threads') as threads;
