-- Orders that took many rows of a pool file inside the cooldown, each number once: those whose own cooldown reached back to
-- its beginning, as in select_candidate_files.sql.
-- $path varchar, $sold_since timestamptz, $least bigint rows -> order_id, reserved_at timestamptz, numbers bigint
-- that it took of the file
select o.order_id, o.reserved_at, f.numbers
from order_files f
join orders o using (order_id)
where f.path = $path
  and f.numbers >= $least::bigint
  and o.reserved_at >= $sold_since::timestamptz
  and o.reserved_at - to_milliseconds((o.criteria->>'$.cooldownMs')::bigint) <= $sold_since::timestamptz
  and (o.state <> 'cancelled' or o.keeps_cooldown);
