-- Where a row goes: real-<provider>, synthetic-<provider>, or odd for a phone cell that is settled outside.
-- Parameters: phone bigint or null, synthetic boolean. Result: varchar.
create or replace temp macro lane_of(phone, synthetic) as
  case
    when phone is null then 'odd'
    when synthetic then getvariable('synthetic_lanes')[prefix5_of(phone) - 79999]
    else getvariable('real_lanes')[prefix5_of(phone) - 79999]
  end;
