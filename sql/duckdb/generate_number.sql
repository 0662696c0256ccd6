-- generate_number(place): the national number at a place of the space; a different one for each place below
-- classes * seats, because class and offset together tell the place. Places beyond start again at the first.
-- One multiplication over the whole space would be distinct too, but repeats one sequence of prefixes over and over.
-- Offsets are spread over the numbers that do not end in six zeros: v + v // 999999 + 1 skips each millionth.
create or replace temp macro generate_number(place) as
  getvariable('generate_space').head[generate_class(place)]
  + generate_offset(place) + generate_offset(place) // 999999 + 1;
