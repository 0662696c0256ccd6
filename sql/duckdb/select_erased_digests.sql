-- Digests of erased persons among those that are suppressed. {{digest}}: the digest's hexadecimal text, of a phone in the form
-- that was hashed. $algorithm, $form -> phone bigint, one row for each entry
select e.phone
from suppressed_digests d
join (select phone, md5_number({{digest}}) as digest from erasing) e on e.digest = d.digest
where d.algorithm = $algorithm
  and d.form = $form;
