-- Takes out of the slice the phones that a slice before it had: those are picked first, or were sold.
delete from slice
where phone in (select phone from seen);
