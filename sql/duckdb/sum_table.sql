-- What a table holds, in whatever order. {{table}}, {{columns}} -> numbers bigint, fingerprint varchar
select count(*) as numbers, bit_xor(hash({{columns}}))::varchar as fingerprint
from {{table}};
