-- A phone as suppressed_digests knows it: the number of its digest.
-- Parameters: phone bigint, algorithm varchar (md5, sha256), form varchar (digits, e164, national: what was hashed)
create or replace temp macro digest_of(phone, algorithm, form) as
  md5_number(
    case algorithm
      when 'md5' then md5(written_as(phone, form))
      when 'sha256' then sha256(written_as(phone, form))
    end
  );
