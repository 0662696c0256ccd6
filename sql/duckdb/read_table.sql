-- Reads all of a table, so that a block of it that is damaged is found. {{table}} -> fingerprint varchar
select bit_xor(hash(t))::varchar as fingerprint
from {{table}} t;
