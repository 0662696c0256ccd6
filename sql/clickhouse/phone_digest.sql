-- A phone as suppressed_digests knows it, inside another select: the number of its digest, of columns phone, algorithm (md5,
-- sha256) and form (digits, e164, national: what was hashed). It is what DuckDB's md5_number makes of the digest's text.
reinterpretAsUInt128(
  MD5(
    if(
      algorithm = 'md5',
      lower(hex(MD5(multiIf(form = 'e164', concat('+', toString(phone)), form = 'national', concat('0', substring(toString(phone), 3)), toString(phone))))),
      lower(hex(SHA256(multiIf(form = 'e164', concat('+', toString(phone)), form = 'national', concat('0', substring(toString(phone), 3)), toString(phone)))))
    )
  )
)
