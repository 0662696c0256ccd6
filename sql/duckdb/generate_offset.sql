-- generate_offset(place): how far into the numbers of its class's prefix and length a place lies.
-- The seat is moved to (step * seat) % seats, one to one because step and seats share no factor: neighbouring rows lie far
-- apart. The draw within the stretch takes part only where a class has more numbers than seats.
create or replace temp macro generate_offset(place) as
  place % getvariable('generate_space').seats * getvariable('generate_space').step
    % getvariable('generate_space').seats
    * getvariable('generate_space').spread[generate_class(place)]
  + getvariable('generate_space').start[generate_class(place)]
  + (hash(place) >> 1)::bigint % getvariable('generate_space').stride[generate_class(place)];
