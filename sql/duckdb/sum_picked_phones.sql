-- What the rows of the pool hold that an order took, or a part of it. {{files}}: branches of deliver_file with the phone alone
-- -> numbers bigint, fingerprint of the phones as text
select count(phone) as numbers, bit_xor(hash(phone))::varchar as fingerprint
from ({{files}});
