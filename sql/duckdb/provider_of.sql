-- The provider of a phone by its prefix, or null for no phone; set_providers.sql made the list.
-- Parameters: phone bigint, 62 and 9 to 12 more digits. Result: varchar.
create or replace temp macro provider_of(phone) as
  getvariable('providers')[place_of(phone)];
