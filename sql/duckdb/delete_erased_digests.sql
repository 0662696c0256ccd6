-- Takes erased persons out of the suppressed digests, which anybody can compute: the keyed digest stands in their place.
-- {{digest}}, $algorithm, $form as in select_erased_digests
delete from suppressed_digests
where algorithm = $algorithm
  and form = $form
  and exists (select 1 from erasing where md5_number({{digest}}) = suppressed_digests.digest);
