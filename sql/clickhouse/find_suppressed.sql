-- The phones of a list that are suppressed for this kind and customer: as they are, or by a digest. -> phone
-- {list_id}, {kind}, {customer} or null; {{digest}}: phone_digest.sql
select phone
from suppression
where kind = {kind:String}
  and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
  and phone in (select phone from listed where list_id = {list_id:String})
union distinct
select d.phone as phone
from (
  select phone, algorithm, form, {{digest}} as digest
  from listed
  array join ['md5', 'md5', 'md5', 'sha256', 'sha256', 'sha256'] as algorithm,
    ['digits', 'e164', 'national', 'digits', 'e164', 'national'] as form
  where list_id = {list_id:String}
) d
join suppressed_digests s
  on s.digest = d.digest
  and s.algorithm = d.algorithm
  and s.form = d.form
where s.kind = {kind:String}
  and lowerUTF8(s.customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
