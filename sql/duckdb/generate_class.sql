-- generate_class(place): which class of the space the place falls into.
-- A place is a seat (place % seats) in a row of seats (place // seats). For a given seat the rows go to the classes one to
-- one, turned round by the hash of the seat, so that prefixes follow each other as if drawn.
create or replace temp macro generate_class(place) as
  1 + (
    place // getvariable('generate_space').seats
    + (hash(getvariable('generate_space').origin - place % getvariable('generate_space').seats) >> 1)::bigint
  ) % getvariable('generate_space').classes;
