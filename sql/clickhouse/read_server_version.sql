-- -> version
select version() as version
