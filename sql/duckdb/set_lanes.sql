-- The lane of every five-digit prefix, 80000 to 89999, as the list `{{kind}}_lanes`: `real-tsel`, or `real-<provider>` for all
-- when a provider is given. Whole words ready to be looked up: joining the word row by row took 5 % of the conversion.
-- {{kind}}: real or synthetic; $kind the same as a word; $provider varchar or null
set variable {{kind}}_lanes = (
  select list($kind || '-' || coalesce($provider::varchar, code) order by place)
  from (
    select unnest(getvariable('providers')) as code, unnest(range(10000)) as place
  )
);
