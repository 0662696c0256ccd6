-- Blocks the numbers of persons who were erased. $key varchar: the home's erasure key
insert into blocked
select phone, 'erased'
from unsold
semi join erasures on erasures.digest = md5_number(sha256($key || phone::varchar))
anti join blocked using (phone);
