-- Suppression of the numbers that are looked up. -> phone bigint, kind, customer, reason, added_at and "until" timestamptz
select s.phone, s.kind, s.customer, s.reason, s.added_at, s."until"
from suppression s
semi join wanted using (phone)
order by s.added_at, s.kind;
