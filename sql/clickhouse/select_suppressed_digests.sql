-- Suppression by digest of the numbers that are looked up. {phones}; {{digest}}: phone_digest.sql
-- -> phone, algorithm, form, kind, customer, reason, added_at, until
select
  w.phone as phone,
  d.algorithm as algorithm,
  d.form as form,
  d.kind as kind,
  nullIf(d.customer, '') as customer,
  d.reason as reason,
  d.added_at as added_at,
  d.until as until
from suppressed_digests d
join (
  select phone, algorithm, form, {{digest}} as digest
  from (
    select
      arrayJoin({phones:Array(Int64)}) as phone,
      arrayJoin(['md5', 'sha256']) as algorithm,
      arrayJoin(['digits', 'e164', 'national']) as form
  )
) w on w.digest = d.digest and w.algorithm = d.algorithm and w.form = d.form
order by d.algorithm, d.form, d.added_at, d.kind
