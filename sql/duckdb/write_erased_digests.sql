-- The digests of erased persons for those who read sources, as text: Parquet knows no whole numbers of that size. $path varchar
copy (
  select digest::varchar as digest
  from erasures
) to $path (format parquet);
