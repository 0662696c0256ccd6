-- A phone as text. Parameters: phone bigint, form varchar: digits 6281…, e164 +6281…, national 081…
create or replace temp macro written_as(phone, form) as
  case form
    when 'digits' then phone::varchar
    when 'e164' then '+' || phone::varchar
    when 'national' then '0' || substr(phone::varchar, 3)
  end;
