-- Records the persons in `erasing` of whom nothing is recorded yet. {reason}, {at}
insert into erasures (erasure_id, digest, reason, erased_at, finished_at)
select x.erasure_id, toUInt128(x.digest), {reason:String}, {at:DateTime64(3, 'UTC')}, null
from erasing x
left anti join erasures e on e.erasure_id = x.erasure_id
