-- Where a row goes: the provider's lane (set_lanes.sql), the next one when it is synthetic, or 0 for a phone cell that is
-- settled outside. Parameters: phone bigint or null, synthetic boolean. Result: smallint.
create or replace temp macro lane_of(phone, synthetic) as
  (case
    when phone is null then 0
    else getvariable('lanes')[place_of(phone)] + synthetic::smallint
  end)::smallint;
