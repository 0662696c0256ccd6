-- generate_draw(line, nth): the `nth` (0 to 15) of the 16 draws of a row, 63 bits.
-- A function of the row number and the seed alone, never random(): threads take rows in any order. Each draw hashes a
-- number of its own, because hash(line, 1) and hash(line, 2) differ by the same bits in every row.
-- The origin sets the seeds apart: as 60-bit numbers two of them do not come near each other.
create or replace temp macro generate_draw(line, nth) as
  (hash(getvariable('generate_space').origin + line * 16 + nth) >> 1)::bigint;
