-- What is known of persons by their digests. $phones bigint[], $key varchar: the home's erasure key
-- -> phone bigint, erasure_id, reason, erased_at timestamptz, finished_at timestamptz or null
with asked as (
  select unnest($phones::bigint[]) as phone
)
select a.phone, e.erasure_id, e.reason, e.erased_at, e.finished_at
from erasures e
join asked a on e.digest = md5_number(sha256($key || a.phone::varchar));
