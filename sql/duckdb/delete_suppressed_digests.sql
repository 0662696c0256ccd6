-- Takes off the digests of a few phones. $phones bigint[], $kind varchar, $customer varchar or null
delete from suppressed_digests
using (
  select algorithm, form, digest_of(phone, algorithm, form) as digest
  from (select unnest($phones::bigint[]) as phone)
  cross join (select unnest(['md5', 'sha256']) as algorithm)
  cross join (select unnest(['digits', 'e164', 'national']) as form)
) d
where suppressed_digests.digest = d.digest
  and suppressed_digests.algorithm = d.algorithm
  and suppressed_digests.form = d.form
  and kind = $kind::varchar
  and lower(customer) is not distinct from lower($customer::varchar);
