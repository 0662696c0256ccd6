-- Records that the home has all schema files up to $version integer.
insert into meta
values ('version', $version::varchar);
