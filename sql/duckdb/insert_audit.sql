-- Appends an entry to the audit log. $sequence bigint, $at timestamptz, $actor, $action, $subject, $details json, $previous, $hash
insert into audit (sequence, done_at, actor, action, subject, details, previous, hash)
values (
  $sequence::bigint,
  $at::timestamptz,
  $actor,
  $action,
  $subject,
  $details::json,
  $previous,
  $hash
);
