-- The phones, of a few, that are suppressed for this kind and customer: as they are, or by a digest. -> phone bigint
-- $phones bigint[], $kind varchar, $customer varchar or null
with listed as (
  select distinct unnest($phones::bigint[]) as phone
)
select phone
from suppression
semi join listed using (phone)
where kind = $kind::varchar
  and lower(customer) is not distinct from lower($customer::varchar)
union
select d.phone
from (
  select
    phone,
    algorithm,
    form,
    digest_of(phone, algorithm, form) as digest
  from listed
  cross join (select unnest(['md5', 'sha256']) as algorithm)
  cross join (select unnest(['digits', 'e164', 'national']) as form)
) d
join suppressed_digests s
  on s.digest = d.digest
  and s.algorithm = d.algorithm
  and s.form = d.form
where s.kind = $kind::varchar
  and lower(s.customer) is not distinct from lower($customer::varchar);
