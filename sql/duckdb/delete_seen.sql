-- Takes out of a range of the slice the phones that a slice before it had: those are picked first, or were sold.
-- $lowest bigint and $highest bigint, as in read_slice_ranges
delete from slice
where phone between $lowest::bigint and $highest::bigint
  and phone in (
    select phone
    from seen
    where phone between $lowest::bigint and $highest::bigint
  );
