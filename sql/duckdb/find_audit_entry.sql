-- One row when the audit log has the entry. $sequence bigint, $hash varchar
select sequence
from audit
where sequence = $sequence::bigint
  and hash = $hash;
