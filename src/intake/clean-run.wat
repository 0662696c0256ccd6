;; The gate's fast path: passes over a run of records that are beyond doubt, 64 bytes at a time, and stops where the first
;; one begins that is not. It decides nothing: whatever it stops at is looked at byte by byte in records.ts, which also
;; says what a record is. So it may stop too early, never too late.
;;
;; Why not in JavaScript: its loop over bytes takes some four cycles for each; sixteen at once need SIMD, which there is
;; only here. The idea is that of simdjson and simdcsv: a block of 64 bytes becomes 64-bit masks, one bit for each
;; byte, the first byte in the lowest bit. A million rows whose cells hold 46 quotes each pass without a branch on any.
;;
;; What is doubtful:
;; - a carriage return, even inside quotes, where it would be in order: rare where lines end in LF;
;; - a NUL byte; any byte beyond ASCII where the block as a whole is not valid UTF-8;
;; - an opening quote that does not follow a delimiter, a line feed or another quote;
;; - a closing quote that is not followed by one of them: text or a blank behind it;
;; - a record with other than the usual number of cells, an empty one, one that is too long, one without its line feed.
;;
;; Doubled quotes need no care of their own: the first closes, the second opens again next to it, both rules hold.

(module
  ;; 37 pages are 2.4 MB: two blocks of 1 MB and what was left over fit, and pages that nobody touches cost nothing. It
  ;; should rarely grow: that detaches a buffer, and from then on V8 asks before every access to any whether it is (the
  ;; gate's own loops took 3 % longer).
  (memory (export "memory") 37)

  ;; How many records the last run passed.
  (global $passed (export "passed") (mut i32) (i32.const 0))

  ;; Returns the start of the first record that it did not pass. $at is the start of a record. Up to 63 bytes behind $end
  ;; are read and do not matter. $most is the most bytes of a record, $beyond 0x80 where bytes beyond ASCII are doubtful
  ;; and 0 elsewhere.
  (func (export "pass")
    (param $at i32) (param $end i32)
    (param $delimiter i32) (param $columns i32) (param $most i32) (param $beyond i32)
    (result i32)

    (local $records i32)
    (local $start i32)    ;; of the record that is being read
    (local $stop i32)     ;; its line feed
    (local $cells i64)    ;; delimiters of it in earlier blocks
    (local $wanted i64)   ;; delimiters of a whole record

    (local $a v128) (local $b v128) (local $c v128) (local $d v128)          ;; the 64 bytes
    (local $odd_a v128) (local $odd_b v128) (local $odd_c v128) (local $odd_d v128)
    (local $is_delimiter v128) (local $is_quote v128) (local $is_feed v128)
    (local $is_return v128) (local $is_beyond v128)

    (local $quotes i64) (local $delimiters i64) (local $feeds i64)
    (local $marks i64)    ;; any of the three
    (local $inside i64)   ;; within quotes; an opening quote is, a closing one is not
    (local $closing i64)
    (local $doubts i64)
    (local $ends i64)     ;; line feeds that end a record
    (local $cuts i64)     ;; delimiters that end a cell
    (local $before i64)

    ;; What the next block must know of the last byte before it. A record begins as if behind a line feed.
    (local $was_inside i64)         ;; all bits or none
    (local $was_mark i64)           ;; the lowest bit
    (local $was_closing i64)        ;; the lowest bit

    (local.set $start (local.get $at))
    (local.set $was_mark (i64.const 1))
    (local.set $wanted (i64.extend_i32_u (i32.sub (local.get $columns) (i32.const 1))))
    (local.set $is_delimiter (i8x16.splat (local.get $delimiter)))
    (local.set $is_quote (i8x16.splat (i32.const 0x22)))
    (local.set $is_feed (i8x16.splat (i32.const 0x0a)))
    (local.set $is_return (i8x16.splat (i32.const 0x0d)))
    (local.set $is_beyond (i8x16.splat (local.get $beyond)))

    (block $done
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (loop $blocks
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))

        (local.set $quotes (i64.or
          (i64.or
            (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $is_quote))))
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $is_quote))))
              (i64.const 16)))
          (i64.or
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $is_quote))))
              (i64.const 32))
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $is_quote))))
              (i64.const 48)))))
        (local.set $delimiters (i64.or
          (i64.or
            (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $is_delimiter))))
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $is_delimiter))))
              (i64.const 16)))
          (i64.or
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $is_delimiter))))
              (i64.const 32))
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $is_delimiter))))
              (i64.const 48)))))
        (local.set $feeds (i64.or
          (i64.or
            (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $is_feed))))
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $is_feed))))
              (i64.const 16)))
          (i64.or
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $is_feed))))
              (i64.const 32))
            (i64.shl
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $is_feed))))
              (i64.const 48)))))

        ;; A byte is inside when the quotes up to it are odd: six steps double the reach of a sum without carry.
        (local.set $inside (local.get $quotes))
        (local.set $inside
          (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 1))))
        (local.set $inside
          (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 2))))
        (local.set $inside
          (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 4))))
        (local.set $inside
          (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 8))))
        (local.set $inside
          (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 16))))
        (local.set $inside
          (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 32))))
        (local.set $inside (i64.xor (local.get $inside) (local.get $was_inside)))
        (local.set $was_inside (i64.shr_s (local.get $inside) (i64.const 63)))

        (local.set $marks
          (i64.or (local.get $quotes) (i64.or (local.get $delimiters) (local.get $feeds))))
        (local.set $closing
          (i64.and (local.get $quotes) (i64.xor (local.get $inside) (i64.const -1))))
        (local.set $doubts (i64.or
          ;; opening quotes without a mark before them
          (i64.and
            (i64.and (local.get $quotes) (local.get $inside))
            (i64.xor
              (i64.or (i64.shl (local.get $marks) (i64.const 1)) (local.get $was_mark))
              (i64.const -1)))
          ;; what is no mark, right behind a closing quote
          (i64.and
            (i64.or (i64.shl (local.get $closing) (i64.const 1)) (local.get $was_closing))
            (i64.xor (local.get $marks) (i64.const -1)))))
        (local.set $was_mark (i64.shr_u (local.get $marks) (i64.const 63)))
        (local.set $was_closing (i64.shr_u (local.get $closing) (i64.const 63)))

        ;; Bytes that are doubtful by themselves are rare: where they are is asked only when there is one.
        (local.set $odd_a (v128.or
          (v128.or
            (i8x16.eq (local.get $a) (local.get $is_return))
            (i8x16.eq (local.get $a) (v128.const i64x2 0 0)))
          (v128.and (local.get $a) (local.get $is_beyond))))
        (local.set $odd_b (v128.or
          (v128.or
            (i8x16.eq (local.get $b) (local.get $is_return))
            (i8x16.eq (local.get $b) (v128.const i64x2 0 0)))
          (v128.and (local.get $b) (local.get $is_beyond))))
        (local.set $odd_c (v128.or
          (v128.or
            (i8x16.eq (local.get $c) (local.get $is_return))
            (i8x16.eq (local.get $c) (v128.const i64x2 0 0)))
          (v128.and (local.get $c) (local.get $is_beyond))))
        (local.set $odd_d (v128.or
          (v128.or
            (i8x16.eq (local.get $d) (local.get $is_return))
            (i8x16.eq (local.get $d) (v128.const i64x2 0 0)))
          (v128.and (local.get $d) (local.get $is_beyond))))
        (if (v128.any_true (v128.or
              (v128.or (local.get $odd_a) (local.get $odd_b))
              (v128.or (local.get $odd_c) (local.get $odd_d))))
          (then
            (local.set $doubts (i64.or (local.get $doubts) (i64.or
              (i64.or
                (i64.extend_i32_u (i8x16.bitmask (local.get $odd_a)))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $odd_b))) (i64.const 16)))
              (i64.or
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $odd_c))) (i64.const 32))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $odd_d))) (i64.const 48))))))))

        ;; Records that end before the first doubt are none of its business. (Without one this is all bits.)
        (local.set $before (i64.sub
          (i64.and (local.get $doubts) (i64.sub (i64.const 0) (local.get $doubts)))
          (i64.const 1)))
        (local.set $inside (i64.xor (local.get $inside) (i64.const -1)))
        (local.set $cuts (i64.and (local.get $delimiters) (local.get $inside)))
        (local.set $ends
          (i64.and (i64.and (local.get $feeds) (local.get $inside)) (local.get $before)))
        ;; Nothing in a mask depends on higher bits, so what lies behind the data may do no more than end no record.
        (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 64))
          (then
            (local.set $ends (i64.and (local.get $ends) (i64.sub
              (i64.shl
                (i64.const 1)
                (i64.extend_i32_u (i32.sub (local.get $end) (local.get $at))))
              (i64.const 1))))))

        (block $no_more
          (br_if $no_more (i64.eqz (local.get $ends)))
          (loop $records_of_block
            (local.set $stop
              (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $ends)))))
            (local.set $before (i64.xor
              (local.get $ends)
              (i64.sub (local.get $ends) (i64.const 1)))) ;; up to the line feed
            (br_if $done (i64.ne
              (i64.add
                (local.get $cells)
                (i64.popcnt (i64.and (local.get $cuts) (local.get $before))))
              (local.get $wanted)))
            (br_if $done (i32.eq (local.get $stop) (local.get $start)))
            (br_if $done
              (i32.gt_u (i32.sub (local.get $stop) (local.get $start)) (local.get $most)))
            (local.set $records (i32.add (local.get $records) (i32.const 1)))
            (local.set $start (i32.add (local.get $stop) (i32.const 1)))
            (local.set $cells (i64.const 0))
            (local.set $cuts
              (i64.and (local.get $cuts) (i64.xor (local.get $before) (i64.const -1))))
            (local.set $ends
              (i64.and (local.get $ends) (i64.sub (local.get $ends) (i64.const 1))))
            (br_if $records_of_block (i64.ne (local.get $ends) (i64.const 0)))))

        (br_if $done (i64.ne (local.get $doubts) (i64.const 0)))
        (local.set $cells (i64.add (local.get $cells) (i64.popcnt (local.get $cuts))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br_if $blocks (i32.lt_u (local.get $at) (local.get $end)))))

    (global.set $passed (local.get $records))
    (local.get $start)))
