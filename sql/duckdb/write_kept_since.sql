-- Notes since when sales are kept: `ledger_kept_since` for all of the ledger, `history_kept_since <import id>` for one
-- history, whose file in ledger/ may hold older ones that are not to come back; `infinity` when its file is gone.
-- $key varchar, $value varchar: an instant
merge into meta
using (select $key::varchar as key, $value::varchar as value) note
on meta.key = note.key
when matched then update set value = note.value
when not matched then insert (key, value) values (note.key, note.value);
