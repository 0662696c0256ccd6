-- Sales from elsewhere, in the ledger. -> numbers bigint, fingerprint varchar
select count(*) as numbers, bit_xor(hash(phone, provider, epoch_us(sold_at)))::varchar as fingerprint
from ledger
where order_id is null;
