-- Notes which key erased persons are known by: homes that share the database must have the same. {sum}: its SHA-256
insert into meta (key, value)
select 'erasure_key', {sum:String}
