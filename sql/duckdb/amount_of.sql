-- What numbers cost at a price for a thousand: decimal all the way, two places, half up; null without a price.
create or replace temp macro amount_of(numbers, price) as
  (numbers::decimal(20, 0) * price::decimal(18, 2) * 0.001)::decimal(18, 2);
