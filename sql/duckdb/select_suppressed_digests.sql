-- Suppression by digest of the numbers that are looked up. {{digest}}: the digest's hexadecimal text, of a phone in the form
-- that was hashed; $algorithm, $form -> phone bigint, kind, customer, reason, added_at and "until" timestamptz
select w.phone, d.kind, d.customer, d.reason, d.added_at, d."until"
from suppressed_digests d
join (select phone, md5_number({{digest}}) as digest from wanted) w on w.digest = d.digest
where d.algorithm = $algorithm
  and d.form = $form
order by d.added_at, d.kind;
