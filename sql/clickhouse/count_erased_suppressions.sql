-- Entries of the suppression that are of erased persons, by phone and by digest. {ids} -> erasure_id, numbers
select erasure_id, count() as numbers
from (
  select x.erasure_id as erasure_id
  from suppression s
  join erasing x on x.phone = s.phone
  where s.phone in (select phone from erasing)
  union all
  select x.erasure_id as erasure_id
  from suppressed_digests d
  join erasing_digests x on x.digest = d.digest and x.algorithm = d.algorithm and x.form = d.form
  where d.digest in (select digest from erasing_digests)
)
where erasure_id in ({ids:Array(String)})
group by erasure_id
