-- A table whose rows lie in the shards of a cluster, each by its phone. {{table}}, {{local}}, {{cluster}} as a name, and as a
-- text {{cluster_text}}, {{database_text}}, {{local_text}}
create table if not exists {{table}} on cluster {{cluster}}
as {{local}}
engine = Distributed({{cluster_text}}, {{database_text}}, {{local_text}}, cityHash64(phone))
