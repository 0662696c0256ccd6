-- Blocks the numbers of persons who were erased. $key varchar: the home's erasure key
insert into blocked
select unsold.phone, 'erased'
from unsold
semi join erasures on erasures.digest = md5_number(sha256($key || unsold.phone::varchar))
anti join blocked using (phone);
