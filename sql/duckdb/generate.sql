-- Writes the synthetic source file: CSV with a header, LF, quoted where RFC 4180 needs it. -> one row a line
-- The same parameters give the same bytes on any number of threads: all follows from the row number.
--
-- A row is one text, quotes and all, and the writer is told of no quote and of a delimiter that does not occur. Given
-- fifteen columns to quote, it took 2.0 us of a row's 4.2 us of processor time, because it copies what it quotes byte by
-- byte; one text costs it 0.4 us. concat() of all pieces at once makes the JSON cell in half the time of `||`, which copies
-- the left side again for each piece. Words come from lists by position: no regular expression, no format().
-- Two threads hold about one row group each until its turn: 0.9 GB at most, however many rows.
--
-- Parameters: path; repeats and dirty, rows of each kind per million.
copy (
  with
  -- Repeats are spread evenly, so that the number of rows before this one that do not repeat is known without looking:
  -- a repeat takes one of their places, and the others take the places in order.
  line as (
    select
      rowid as line,
      line - line * $repeats::bigint // 1000000 as fresh,
      line > 0 and (line + 1) * $repeats::bigint // 1000000 > line * $repeats::bigint // 1000000 as repeated
    from generate_row
  ),
  -- 618033 shares no factor with a million: exactly $dirty rows of each million and a dozen off at most in between, spread as
  -- by the golden ratio, so that they do not fall in step with the repeats.
  drawn as (
    select
      (case when repeated then generate_draw(line, 0) % greatest(1, fresh) else fresh end)
        % (getvariable('generate_space').seats * getvariable('generate_space').classes) as place,
      (line * 618033 + getvariable('generate_space').origin % 1000000) % 1000000 < $dirty::bigint as dirty,
      generate_draw(line, 1) % 100 as form,
      generate_draw(line, 2) as a,
      generate_draw(line, 3) as b,
      generate_draw(line, 4) as c,
      generate_draw(line, 5) as d,
      generate_draw(line, 6) as e,
      generate_draw(line, 7) as f
    from line
  ),
  worded as (
    select
      *,
      generate_number(place)::varchar as n,
      -- The second number of a cell with two comes from the far end of the space, where no row is.
      case when dirty and form between 16 and 27 then
        generate_number(getvariable('generate_space').seats * getvariable('generate_space').classes - 1 - place)::varchar
      end as other,
      a % 2 = 0 as male,
      case when male then generate_word('male', a >> 1) else generate_word('female', a >> 1) end as given,
      generate_word('family', a >> 10) as family
    from drawn
  )
  select concat(
    case
      when not dirty then
        case
          when form < 48 then concat('0', n)
          when form < 68 then concat('62', n)
          when form < 80 then n
          when form < 84 then concat('+62', n)
          when form < 90 then concat('+62 ', n[1:3], '-', n[4:7], '-', n[8:])
          when form < 96 then concat('0', n[1:3], '-', n[4:7], '-', n[8:])
          else concat('0', n[1:3], ' ', n[4:7], ' ', n[8:])
        end
      -- 62 of a hundred can be mended.
      when form < 12 then concat(n, '.0')
      when form < 14 then concat('62', n, '.0')
      when form < 16 then concat('"', n, ',00"')
      when form < 20 then concat('0', n, '/0', other)
      when form < 23 then concat('0', n, ' / 0', other)
      when form < 25 then concat('"0', n, ', 0', other, '"')
      when form < 27 then concat('0', n, ' dan 0', other)
      when form < 28 then concat('62', n, ';62', other)
      when form < 33 then concat('0', n, ' (WA)')
      when form < 36 then concat('WA: 0', n)
      when form < 42 then concat('''0', n)
      when form < 44 then concat('"=""0', n, '"""')
      when form < 47 then concat('O', n)
      when form < 50 then concat(chr(160), '0', n)
      when form < 52 then concat(chr(9), '0', n)
      when form < 54 then concat('https://wa.me/62', n)
      when form < 56 then concat('0062', n)
      when form < 58 then concat('620', n)
      when form < 59 then concat('0', n, ' a.n. ', given)
      when form < 60 then concat('0', n[1:3], '_', n[4:7], '_', n[8:])
      when form < 61 then concat('0', n[1:3], chr(8211), n[4:7], chr(8211), n[8:])
      when form < 62 then translate(concat('0', n), '0123456789', '０１２３４５６７８９')
      -- The other 38 cannot.
      when form < 66 then concat('0', n[1:3], '****', n[8:])
      when form < 69 then concat('0', n[1:7], 'xxx')
      when form < 72 then concat('0', n[1:3], '-xxxx-', n[8:])
      when form < 75 then concat('(021) 0', n[5:])
      when form < 77 then concat('0274-0', n[6:])
      when form < 82 then concat(n[1], '.', n[2:3], 'E+', len(n) - 1)
      when form < 84 then concat(n[1], '.', n[2:6], 'E+', len(n) - 1)
      when form < 88 then ''
      when form < 90 then '-'
      when form < 91 then 'NULL'
      when form < 92 then '#N/A'
      when form < 95 then concat('0', n[1:7])
      when form < 96 then concat('0', n, n[5:7])
      when form < 97 then concat(n[1:5], '000000')
      when form < 98 then concat('00', n)
      -- Foreign numbers are of the ranges that those countries do keep for fiction.
      when form < 99 then concat('+1202555010', a % 10)
      else concat('+4477009000', 10 + a % 90)
    end,
    ',',
    case
      when b % 20 < 9 then concat(given, ' ', family)
      when b % 20 < 17 then concat(given, ' ', generate_word('middle', b >> 8), ' ', family)
      when b % 20 = 17 then upper(concat(given, ' ', family))
      when b % 20 = 18 then concat('"', given, ' ', family, ', ', generate_word('degree', b >> 8), '"')
      else concat(case when male then 'H. ' else 'Hj. ' end, given, ' ', family)
    end,
    case when b % 50 = 1 then ',,' when male then ',L,' else ',P,' end,
    case when b % 50 <> 2 then date '1955-01-01' + ((b >> 12) % 18900)::integer end,
    ',"Jl. ', generate_word('street', c), ' No. ', 1 + (c >> 9) % 240,
    ', RT ', generate_word('quarter', c >> 14), '/RW ', generate_word('quarter', c >> 18),
    ', Kel. ', generate_word('village', c >> 22), ', Kec. ', generate_word('district', c >> 28), '",',
    generate_word('city', c >> 34), ',',
    generate_word('province', c >> 34), ',',
    generate_word('postal', c >> 34) + (c >> 40) % 90, ',',
    case when d % 8 > 0 then
      concat(lower(given), '.', lower(family), 1 + (d >> 3) % 999, generate_word('mailbox', d >> 14))
    end,
    ',', generate_word('device', d >> 20), ',',
    -- The 365 days from 2025-11-01: fixed, because a clock would change the bytes.
    make_timestamp((1761955200 + (d >> 30) % 31536000) * 1000000),
    ',', generate_word('plan', d >> 26),
    ',"{""segment"":""', generate_word('segment', e),
    '"",""occupation"":""', generate_word('occupation', e >> 4),
    '"",""channel"":""', generate_word('channel', e >> 10),
    '"",""interests"":[""', generate_word('interest', e >> 14), '"",""', generate_word('interest', e >> 20),
    '""],""arpu"":', 5000 * (1 + (e >> 26) % 60),
    ',""tenure_months"":', (e >> 34) % 180,
    ',""data_gb"":', (e >> 42) % 60, '.', (e >> 50) % 10,
    ',""household"":', 1 + (e >> 54) % 7,
    case when e % 4 > 0 then ',""consent"":true}",' else ',""consent"":false,""reason"":""tidak \""opt-in\""""}",' end,
    case when f % 12 > 0 then
      concat(
        '"', generate_word('opening', f >> 4), ', ', generate_word('detail', f >> 10), '; ',
        generate_word('remark', f >> 16), case when f % 12 = 1 then e'.\n' else '. ' end,
        generate_word('closing', f >> 22), '"'
      )
    end,
    ',yes'
  ) as "msisdn,name,gender,birth_date,address,city,province,postal_code,email,device,last_seen,plan,attributes,note,synthetic"
  from worded
) to ($path) (format csv, header true, quote '', escape '', delim e'\x1f', use_tmp_file false);
