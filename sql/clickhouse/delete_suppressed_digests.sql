-- Takes off the digests of the phones of a list. {list_id}, {kind}, {customer} or null; {{digest}}: phone_digest.sql
insert into suppressed_digests (
  digest,
  algorithm,
  form,
  kind,
  customer,
  reason,
  added_at,
  until,
  row_version,
  gone
)
select digest, algorithm, form, kind, customer, reason, added_at, until, {row_version:UInt64}, 1
from suppressed_digests
where kind = {kind:String}
  and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
  and (digest, algorithm, form) in (
    select {{digest}}, algorithm, form
    from listed
    array join ['md5', 'md5', 'md5', 'sha256', 'sha256', 'sha256'] as algorithm,
      ['digits', 'e164', 'national', 'digits', 'e164', 'national'] as form
    where list_id = {list_id:String}
  )
