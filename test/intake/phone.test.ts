/**
 * The fixtures, cells like them, and three proofs: readPhoneCell and the SQL macro agree, both agree with
 * libphonenumber on every prefix and length, and where raw text is read differently than libphonenumber reads it,
 * the difference is a known one. Numbers are patterned ones, or made from a seed.
 */

import { readFileSync } from "node:fs";
import { DuckDBInstance, listValue } from "@duckdb/node-api";
import fc from "fast-check";
import fullMetadata from "libphonenumber-js/max/metadata";
import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import { expect, test } from "vitest";
import { type PhoneReading, readPhoneCell, reasonCodes } from "../../src/intake/phone.ts";
import { randomFrom } from "../random.ts";

type Fixture = {
  label: string;
  raw: string;
  phones: string[];
  reason: string | null;
};

const fixtures: Fixture[] = JSON.parse(
  readFileSync(new URL("../../fixtures/phone/dirty_cases.json", import.meta.url), "utf8"),
);

/** Phones joined by commas, or the reason: what a person compares at a glance. */
function shown(reading: PhoneReading): string {
  return "phones" in reading ? reading.phones.join(",") : reading.reason;
}

test.each(
  fixtures.map((fixture) => ({
    ...fixture,
    cell: JSON.stringify(fixture.raw),
  })),
)("fixture $label: $cell", ({ raw, phones, reason }) => {
  const wanted = reason ?? phones.map((phone) => phone.replace("+", "")).join(",");
  expect(shown(readPhoneCell(raw))).toBe(wanted);
});

test("every reason of the fixtures is documented", () => {
  const reasons = fixtures.flatMap(({ reason }) => reason ?? []);
  for (const reason of reasons) expect(reasonCodes).toHaveProperty(reason);
});

/** Cells that are not in the fixtures but like them. */
const unlisted: readonly (readonly [cell: string, wanted: string])[] = [
  ["62 811 123 456", "62811123456"],
  ["8123456789.00", "628123456789"],
  ["81234567890,00", "6281234567890"],
  ["081234567890,0", "6281234567890"],
  ["081234567890;081398765432", "6281234567890,6281398765432"],
  ["0812345678/79", "62812345678"],
  ["081234567890-1", "ambiguous_tail"],
  ["00812345678901", "ambiguous_intl"],
  ["+81234567890", "ambiguous_intl"],
  ["6591234567", "landline"],
  ["6281230000000", "rounded_by_excel"],
  ["+081234567890", "6281234567890"],
  ["0812·3456·7890", "6281234567890"],
  ["0812~3456~7890", "6281234567890"],
  ["1. 081234567890", "6281234567890"],
  ["0812|3456|7890", "6281234567890"],
  ["0812....7890", "masked"],
  ["52012345", "invalid"],
  ["08071234567", "service_number"],
  ["08091234567", "service_number"],
  ["4444", "short_code"],
  ["99333", "short_code"],
  ["966501234567", "foreign"],
  ["+870123456789", "ambiguous_intl"],
  ["+881612345678", "ambiguous_intl"],
  ["080112345678", "unassigned_prefix"],
  ["0B1234567890", "bad_char"],
  ["08l234567890", "bad_char"],
  ["", "empty"],
  ["-", "empty"],
  ["NULL", "empty"],
  ["#N/A", "empty"],
  ["N/A", "empty"],
  ["nihil", "empty"],
  ["tidak ada", "empty"],
  ["Tidak Ada No HP", "empty"],
  ["n.a.", "empty"],
  ["nan", "empty"],
  ["None", "empty"],
  ["--", "empty"],
  ["?", "empty"],
  ["\\N", "empty"],
  ["(null)", "empty"],
  ["0.0", "empty"],
  ["000-000-000", "empty"],
  ["belum ada", "empty"],
  ["kosong", "empty"],
  ["#REF!", "empty"],
  ["\u200b", "empty"],
  ["'", "empty"],
  ['=""', "empty"],
  ["#DIV/0!", "empty"],
  ["#VALUE!", "empty"],
  ["tdk ada", "empty"],
  ["Budi", "no_digits"],
  ["belum punya hp", "empty"],
  ["lihat catatan", "no_digits"],
  ["xxxx", "masked"],
  ["****", "masked"],
  ["########", "masked"],
  ["Hp. 081234567890", "6281234567890"],
  ["No. HP: 0812-3456-7890", "6281234567890"],
  ["No.081234567890", "6281234567890"],
  ["NO HP081234567890", "6281234567890"],
  ["Telp.081234567890", "6281234567890"],
  ["WA 0812.3456.7890", "6281234567890"],
  ["Whatsapp +62 812 3456 7890", "6281234567890"],
  ["HP/WA: 081234567890", "6281234567890"],
  ["0812-3456-7890 a/n Budi Santoso", "6281234567890"],
  ["081234567890 (Budi)", "6281234567890"],
  ["081234567890-Budi", "6281234567890"],
  ["Budi/081234567890", "6281234567890"],
  ["Budi - 081234567890", "6281234567890"],
  ["[081234567890]", "6281234567890"],
  ["<081234567890>", "6281234567890"],
  ['"081234567890"', "6281234567890"],
  ["`081234567890", "6281234567890"],
  ["081234567890.", "6281234567890"],
  ["081234567890,", "6281234567890"],
  ["081234567890;", "6281234567890"],
  [":081234567890", "6281234567890"],
  ["081234567890 -", "6281234567890"],
  ["(0812) 3456-7890", "6281234567890"],
  ["(0812)34567890", "6281234567890"],
  ["+62-(812)-3456-7890", "6281234567890"],
  ["62 (0)812 3456 7890", "6281234567890"],
  ["+62(0)81234567890", "6281234567890"],
  ["(+62) (0) 812 3456 7890", "6281234567890"],
  ["(62) 0812 3456 7890", "6281234567890"],
  ["1) 081234567890", "6281234567890"],
  ["(1) 081234567890", "6281234567890"],
  ["2. +62 812 3456 7890", "6281234567890"],
  ["12. 0812-3456-7890", "6281234567890"],
  ["1.081234567890", "6281234567890"],
  ["3 081234567890", "6281234567890"],
  ["1. 812-3456-7890", "6281234567890"],
  ["1. 081234567890 2. 081398765432", "6281234567890,6281398765432"],
  ["1) 081234567890; 2) 081398765432", "6281234567890,6281398765432"],
  ["1: 081234567890", "6281234567890"],
  ["https://api.whatsapp.com/send?phone=6281234567890&text=Halo%202024", "6281234567890"],
  ["https://wa.me/+6281234567890", "6281234567890"],
  ["http://wa.me/6281234567890", "6281234567890"],
  ["api.whatsapp.com/send?phone=%2B6281234567890", "6281234567890"],
  ["tel:081234567890", "6281234567890"],
  ["sms:+6281234567890", "6281234567890"],
  ["callto:6281234567890", "6281234567890"],
  ["6281234567890@s.whatsapp.net", "6281234567890"],
  ["081234567890 ext 12", "6281234567890"],
  ["081234567890 ext. 101", "6281234567890"],
  ["081234567890ext12", "6281234567890"],
  ["081234567890 #12", "6281234567890"],
  ["081234567890x12", "6281234567890"],
  ["0812-3456-7890 x 5", "6281234567890"],
  ["081234567890;ext=5", "6281234567890"],
  ["0811.1234.567.00", "ambiguous_tail"],
  ["+62 084-086-3307232", "unassigned_prefix"],
  ["0 8 824765171", "628824765171"],
  ["91 8123456789", "foreign"],
  ["1 8123456789", "foreign"],
  ["60 812345678", "invalid"],
  ["0812-345-678#1-234", "62812345678"],

  ["０８１２-3456-7890", "6281234567890"],
  ["0８1２34567８90", "6281234567890"],
  ["۰۸۱۲۳۴۵۶۷۸۹۰", "6281234567890"],
  ["\u00a00812\u00a03456\u00a07890\u00a0", "6281234567890"],
  ["0812\u20113456\u20117890", "6281234567890"],
  ["0812\u22123456\u22127890", "6281234567890"],
  ["0812\u20143456\u20147890", "6281234567890"],
  ["\u202a081234567890\u202c", "6281234567890"],
  ["0812\u00ad34567890", "6281234567890"],
  ["\u2060081234567890", "6281234567890"],
  ["0812\u30003456\u30007890", "6281234567890"],
  ["\u201c081234567890\u201d", "6281234567890"],
  ["081234567890\r\n", "6281234567890"],
  ["081234567890\r\n081398765432", "6281234567890,6281398765432"],
  ["081234567890\t081398765432", "6281234567890,6281398765432"],
  ["081234567890 atau 081398765432", "6281234567890,6281398765432"],
  ["081234567890 | 081398765432", "6281234567890,6281398765432"],
  ["081234567890|081398765432", "6281234567890,6281398765432"],
  ["081234567890 - 081398765432", "6281234567890,6281398765432"],
  ["081234567890-081398765432", "6281234567890,6281398765432"],
  ["081234567890+081398765432", "6281234567890,6281398765432"],
  ["+6281234567890+6281398765432", "6281234567890,6281398765432"],
  ["0812 3456 7890 0813 9876 5432", "6281234567890,6281398765432"],
  ["+62 812 3456 7890 +62 813 9876 5432", "6281234567890,6281398765432"],
  ["081234567890, 0215201234, 081398765432", "6281234567890,6281398765432"],
  ["081234567890 / 021-5201234 / 081398765432", "6281234567890,6281398765432"],
  ["081234567890 021-5201234 081398765432", "6281234567890,6281398765432"],
  ["(021) 5201234 081234567890", "6281234567890"],
  ["021 5201234 0812 3456 7890", "6281234567890"],
  ["(021)5201234/081234567890", "6281234567890"],
  ["081234567890 (021-5201234)", "6281234567890"],
  ["081234567890 & +6281234567890", "6281234567890"],
  ["081234567890 or 6281398765432", "6281234567890,6281398765432"],
  ["81234567890 81398765432", "6281234567890,6281398765432"],
  ["081234567890\\081398765432", "6281234567890,6281398765432"],
  ["HP1: 081234567890 HP2: 081398765432", "6281234567890,6281398765432"],
  ["081234567890(WA)/081398765432(HP)", "6281234567890,6281398765432"],
  ["081234567890 serta 081398765432 dan 085712345678", "6281234567890,6281398765432,6285712345678"],
  ["(0812) 34567890 (0813) 98765432", "6281234567890,6281398765432"],
  ["081234567890081398765432", "too_long"],
  ["0812\u2022\u2022\u2022\u20227890", "masked"],
  ["0812####7890", "masked"],
  ["0812XXXX7890", "masked"],
  ["0812-XXXX-7890", "masked"],
  ["08123456xxxx", "masked"],
  ["0812345678XX", "masked"],
  ["0812 xxxx 7890", "masked"],
  ["0812 **** 7890", "masked"],
  ["+62812****7890", "masked"],
  ["62812xxxxxxx", "masked"],
  ["****7890", "masked"],
  ["xxxx-xxxx-7890", "masked"],
  ["08123456789*", "masked"],
  ["0812345678x", "masked"],
  ["0812345678x9", "masked"],
  ["0812345678..", "masked"],
  ["0812345678...", "masked"],
  ["0812345678\u2026", "masked"],
  ["0812____7890", "masked"],
  ["0812???7890", "masked"],
  ["0812345678??", "masked"],
  ["0812●●●●7890", "masked"],
  ["0812---7890", "masked"],
  ["0812345678 xx", "masked"],
  ["081234567890 / 0812xxxx7890", "6281234567890"],
  ["0812*3456", "masked"],
  ["812300000000", "rounded_by_excel"],
  ["6281200000000", "rounded_by_excel"],
  ["0812000000000", "rounded_by_excel"],
  ["8.12e+11", "sci_notation"],
  ["6,28123E+12", "sci_notation"],
  ["8.12E11", "sci_notation"],
  ["8.12E+11 ", "sci_notation"],
  ["HP 8.12E+11", "sci_notation"],
  ["'8.12E+11", "sci_notation"],
  ["6.281234567890E+12", "6281234567890"],
  ["6.281234567890E12", "6281234567890"],
  ["8,1234567890E+10", "6281234567890"],
  ["8.1234567890e10", "6281234567890"],
  ["8E+11", "sci_notation"],
  ["6.28E+12", "sci_notation"],
  ["8.123456789E+10", "sci_notation"],
  ["8.12345678900E+10", "6281234567890"],
  ["2023-01-02 10:30:00", "date_like"],
  ["02-01-2023 10:30", "date_like"],
  ["31-12-2023", "date_like"],
  ["31/12/2023 23:59:59", "date_like"],
  ["2023/01/02", "date_like"],
  ["02.01.2023", "date_like"],
  ["2023-01-02T03:04:05Z", "date_like"],
  ["1/2/2023", "date_like"],
  ["12 Agustus 2023", "date_like"],
  ["12-Aug-23", "date_like"],
  ["Senin, 12 Agustus 2023", "date_like"],
  ["08-12-23", "date_like"],
  ["10:30", "date_like"],
  ["08/12/2023 081234567890", "6281234567890"],
  ["081234567890 (12/08/2023)", "6281234567890"],
  ["2023-01-02 081234567890", "6281234567890"],
  ["08-12-2023 08:12", "date_like"],
  ["20230102", "date_like"],
  ["2023-01-02 10:30:00.000", "date_like"],
  ["2/1/2023 10:30 PM", "date_like"],
  ["02-01-2023 10.30 WIB", "date_like"],
  ["02-01-2023 pukul 10.30", "date_like"],
  ["08-12-2023 00:00:00", "date_like"],
  ["2023-01-02T10:30:00+07:00", "date_like"],
  ["(021)5201234", "landline"],
  ["021.520.1234", "landline"],
  ["+62 (21) 520-1234", "landline"],
  ["0361-123456", "landline"],
  ["02152012345", "landline"],
  ["Telp 021-5201234", "landline"],
  ["021-5201234 ext 12", "landline"],
  ["0062215201234", "landline"],
  ["062811123456", "landline"],
  ["622112345678", "landline"],
  ["0215201234/0215201235", "landline"],
  ["+65 9123 4567", "foreign"],
  ["+44 7911 123456", "foreign"],
  ["0060123456789", "foreign"],
  ["006591234567", "foreign"],
  ["+91 98765 43210", "foreign"],
  ["+1 (202) 555-0123", "foreign"],
  ["+84912345678", "foreign"],
  ["+61 412 345 678", "foreign"],
  ["+65 6234 5678", "foreign"],
  ["+82 10 1234 5678", "ambiguous_intl"],
  ["12025550123", "foreign"],
  ["+8801712345678", "foreign"],
  ["+62", "too_short"],
  ["0812", "too_short"],
  ["08123456", "too_short"],
  ["62812345", "too_short"],
  ["+62 812 345", "too_short"],
  ["8123456", "too_short"],
  ["08123456789012345", "too_long"],
  ["081234567890123", "too_long"],
  ["6281234567890123456", "too_long"],
  ["12345678901234567890", "too_long"],
  ["NIK 3201234567890001", "too_long"],
  ["0804123456789", "unassigned_prefix"],
  ["084512345678", "unassigned_prefix"],
  ["6284112345678", "unassigned_prefix"],
  ["+6280112345678", "unassigned_prefix"],
  ["1500123", "service_number"],
  ["08001234567", "service_number"],
  ["911", "short_code"],
  ["14045", "short_code"],
  ["*123#", "short_code"],
  ["*123*1*2#", "short_code"],
  ["*100*1#", "short_code"],
  ["#123#", "short_code"],
  ["110", "short_code"],
  ["150264", "short_code"],
  ["O812-3456-789O", "6281234567890"],
  ["o81234567890", "6281234567890"],
  ["08I2-3456-7890", "bad_char"],
  ["0812345678l0", "bad_char"],
  ["0812-3456-78l0", "bad_char"],
  ["08S234567890", "bad_char"],
  ["0812345678S", "bad_char"],
  ["08123B56789", "bad_char"],
  ["0812@34567890", "bad_char"],
  ["O8I234567890", "bad_char"],
  ["081234567890B", "bad_char"],
  ["0812%34567890", "bad_char"],
  ["l81234567890", "bad_char"],
  ["Jl. Merdeka 12 081234567890", "6281234567890"],
  ["RT 03 RW 05 HP 0812-3456-7890", "6281234567890"],
  ["IM3 085712345678", "6285712345678"],
  ["Blok B12 081234567890", "6281234567890"],
  ["No 12B 081234567890", "6281234567890"],
  ["budi1990@mail.com 081234567890", "6281234567890"],
  ["081234567890 umur 25", "6281234567890"],
  ["081234567890 5", "ambiguous_tail"],
  ["0812-3456-7890-1", "ambiguous_tail"],
  ["081234567890 12", "ambiguous_tail"],
  ["0812 345 678 90", "6281234567890"],
  ["0812 345 678 901", "62812345678901"],
  ["6281234567890 0", "ambiguous_tail"],
  ["081234567890.5", "ambiguous_tail"],
  ["0812,3456,7890", "6281234567890"],
  ["0812/3456/7890", "6281234567890"],
  ["0812:3456:7890", "6281234567890"],
  ["Rp81.234.567.890,00", "6281234567890"],
  ["6.281.234.567.890", "6281234567890"],
  ["6,281,234,567,890", "6281234567890"],
  ["81,234,567,890.00", "6281234567890"],
  ["81.234.567.890,00", "6281234567890"],
  ["+62.812.3456.7890", "6281234567890"],
  ["0062-0812-3456-7890", "6281234567890"],
  ["00162 812 3456 7890", "6281234567890"],
  ["0076281234567890", "6281234567890"],
  ["62.812.3456.7890", "6281234567890"],
  ["6262 812 3456 7890", "6281234567890"],
  ["+62 62 812 3456 7890", "6281234567890"],
  ["+62+6281234567890", "6281234567890"],
  ["0+6281234567890", "6281234567890"],
  ["0 812 3456 7890", "6281234567890"],
  ["+ 62 812 3456 7890", "6281234567890"],
  ["+(62) 812-3456-7890", "6281234567890"],
  ["0812--3456--7890", "6281234567890"],
  ["*081234567890*", "6281234567890"],
  ["* 081234567890", "6281234567890"],
  ["\u2022 081234567890", "6281234567890"],
  ["📞 081234567890", "6281234567890"],
  ["081234567890 \u2022 081398765432", "6281234567890,6281398765432"],
  ["📱0812-3456-7890", "6281234567890"],
  ["081234567890 ✅", "6281234567890"],
  ["-081234567890", "6281234567890"],
  ["=081234567890", "6281234567890"],
  ["=+6281234567890", "6281234567890"],
  ['=HYPERLINK("tel:081234567890","081234567890")', "6281234567890"],
  ["#081234567890", "6281234567890"],
  ["081234567890#", "6281234567890"],
  ["no wa 081234567890 ya kak", "6281234567890"],
  ["081234567890?", "masked"],
  ["0811123456 0", "ambiguous_tail"],
];

test.each(
  unlisted.map(([cell, wanted]) => ({
    cell,
    shownCell: JSON.stringify(cell),
    wanted,
  })),
)("unlisted $shownCell -> $wanted", ({ cell, wanted }) => {
  expect(shown(readPhoneCell(cell))).toBe(wanted);
});

test("a reading is stable: what was read is read as itself", () => {
  for (const [cell] of unlisted) {
    const reading = readPhoneCell(cell);
    if ("phones" in reading) expect(readPhoneCell(reading.phones.join(" / "))).toEqual(reading);
  }
});

test("cells of 5 MB and cells made to backtrack cost next to nothing", () => {
  const huge = 5_000_000;
  expect(shown(readPhoneCell("0".repeat(huge)))).toBe("too_long");
  expect(shown(readPhoneCell("x".repeat(huge)))).toBe("too_long");
  expect(shown(readPhoneCell(" ".repeat(huge)))).toBe("empty");
  expect(shown(readPhoneCell(`${" ".repeat(huge)}081234567890`))).toBe("6281234567890");
  const repeated = ["-", ".", "..", "x", "*", "o", "0o", "e", "1e", "(", "1(", "1.", "12,", "ext"];
  const more = ["@", "a@", "a.", "81 ", "08 ", "12:", "1/1/", "jan ", "1 jan ", "+", "#", "?", "_"];
  for (const part of [...repeated, ...more, "\u200b", "\ufdfa"]) {
    const cell = `0${part.repeat(Math.floor(999 / part.length))}`;
    const started = performance.now();
    readPhoneCell(cell);
    expect(performance.now() - started, JSON.stringify(part)).toBeLessThan(100);
  }
});

test("the reasons' patterns are those of libphonenumber's full metadata", () => {
  const source = readFileSync(new URL("../../src/intake/phone.ts", import.meta.url), "utf8");
  const types = fullMetadata.countries.ID?.[11] as unknown as readonly (readonly [string] | 0)[];
  const [fixedLine, , tollFree, premiumRate, , , uan, , , sharedCost] = types.map((type) =>
    type === 0 ? "" : type[0],
  );
  expect(source).toContain(`/^(?:${fixedLine})$/`);
  expect(tollFree).toContain("(?:177\\d|800)\\d{5,7}");
  for (const pattern of ["(?:177\\d|800)\\d{5,7}", premiumRate, uan, sharedCost]) {
    expect(source.match(/^const service = .*$/m)?.[0]).toContain(pattern);
  }
});

async function phonesOfMacro(cells: readonly string[]): Promise<(string | null)[]> {
  const macro = readFileSync(new URL("../../sql/duckdb/phone_of.sql", import.meta.url), "utf8");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run(macro);
    const result = await connection.runAndReadAll(
      "select phone_of(cell) from (select unnest($cells) as cell)",
      { cells: listValue([...cells]) },
    );
    return result.getRows().map(([phone]) => (phone === null ? null : String(phone)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test("all 900 prefixes and 8 lengths: readPhoneCell, the macro and libphonenumber agree", async () => {
  const nationals: string[] = [];
  for (let prefix = 100; prefix < 1000; prefix++) {
    for (let length = 7; length <= 14; length++) {
      nationals.push(`${prefix}${"12345678901".slice(0, length - 3)}`);
    }
  }
  let phonesCount = 0;
  for (const lead of ["+62", "62", "0"]) {
    const macro = await phonesOfMacro(nationals.map((national) => lead + national));
    for (const [i, national] of nationals.entries()) {
      const judged = parsePhoneNumberFromString(`+62${national}`, {
        extract: false,
      });
      const phone = judged?.country === "ID" && judged.isValid() ? `62${national}` : null;
      // From a length on that no landline of 0628 has.
      const isTwice = /^628[1-35-9]\d{8,10}$/.test(national) && national.length >= 12;
      const wanted = phone ?? (isTwice ? national : null);
      const reading = readPhoneCell(lead + national);
      expect("phones" in reading ? reading.phones[0] : null, lead + national).toBe(wanted);
      if (wanted !== phone) {
        expect(knownDifference(lead + national, reading)?.what).toBe("the country twice");
      }
      expect(macro[i], lead + national).toBe(phone);
      if (phone) phonesCount++;
    }
  }
  expect(phonesCount).toBe(3 * 80 * 4);
});

const seed = Number(process.env.PHONE_TEST_SEED ?? 20_261_120);

const fronts = [
  "",
  "",
  "",
  "",
  " ",
  "'",
  "HP ",
  "WA: ",
  "tel:",
  "1. ",
  "\u200b",
  "(",
  "-",
  "Budi ",
];
const leads = [
  "0",
  "0",
  "0",
  "62",
  "62",
  "+62",
  "+62",
  "",
  "",
  "0062",
  "+62 0",
  "620",
  "(0)",
  "++62",
  "062",
  "6262",
];
const separators = ["", "", " ", " ", "-", "-", ".", "–", "_", "~", "/", "\u00a0", "--", " - "];
const backs = [
  ...["", "", "", "", "", "", " ", ".0", ",00", ".000", " (WA)", " x12", "#5", "/79", "-1", " 0"],
  ...[
    " a.n. Budi",
    "**",
    "xx",
    " xxx",
    "..",
    " 123",
    " (2)",
    "O",
    "l",
    "@c.us",
    ")",
    ";",
    " 021-5201234",
  ],
];

/** A number of any length, written in one of many ways. */
function decorated(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const length = random() < 0.8 ? 9 + Math.floor(random() * 4) : 6 + Math.floor(random() * 9);
  let national = random() < 0.95 ? "8" : pick(["2", "3", "6", "7", "9"]);
  while (national.length < length) national += Math.floor(random() * 10);
  if (random() < 0.03) national = `${national.slice(0, -6)}000000`;
  const separator = random() < 0.4 ? "" : pick(separators);
  const regular = random() < 0.85;
  let body = "";
  for (let at = 0, width = 0; at < national.length; at += width) {
    width = 1 + Math.floor(random() * 9);
    if (regular) width = at === 0 ? 3 : at < 7 ? 4 : national.length;
    body += (at === 0 ? "" : separator) + national.slice(at, at + width);
  }
  const front = random() < 0.6 ? "" : pick(fronts);
  const back = random() < 0.6 ? "" : pick(backs);
  return front + pick(leads) + (random() < 0.3 ? separator : "") + body + back;
}

const random = randomFrom(seed);
const decoratedCells = Array.from({ length: 100_000 }, () => decorated(random));

test(`where the macro gives a phone, readPhoneCell gives that one (seed ${seed})`, async () => {
  const macro = await phonesOfMacro(decoratedCells);
  let settled = 0;
  for (const [i, phone] of macro.entries()) {
    if (phone === null) continue;
    expect(readPhoneCell(decoratedCells[i] ?? ""), decoratedCells[i]).toEqual({
      phones: [phone],
    });
    settled++;
  }
  expect(settled).toBeGreaterThan(10_000);
});

/** What spreadsheets put before and behind a number; some of it is too much for the macro, which then gives nothing. */
const before = [
  "",
  " ",
  "\t",
  " \t",
  "'",
  '"',
  '="',
  "='",
  "=",
  "\t'",
  "''",
  '= "',
  "\u00a0",
  "+",
  "0",
];
const behind = [
  ...["", ".0", ".00", ",0", ",00", ".000", ".10", ".01", ".0.0", ".", ". 0", ".0 1", ",000"],
  ...["'", '"', '.0"', '.0""', " ", "\t", '" ', " 0", ".0\t", "\n"],
];

test(`around a number the macro takes away what readPhoneCell does (seed ${seed})`, async () => {
  const dice = randomFrom(seed);
  const pick = (list: readonly string[]) => list[Math.floor(dice() * list.length)] ?? "";
  const cells = Array.from({ length: 100_000 }, () => {
    const length = 8 + Math.floor(dice() * 6);
    let national = `8${pick(["1", "2", "3", "5", "9", "0", "4"])}`;
    while (national.length < length) national += dice() < 0.4 ? 0 : Math.floor(dice() * 10);
    const cut = pick(["", "", "-", " ", "."]);
    const body = [national.slice(0, 3), national.slice(3, 7), national.slice(7)].join(cut);
    const front = dice() < 0.5 ? "" : pick(before);
    const lead = pick(["0", "62", "+62", "", "0", "620", "+62 "]);
    return front + lead + body + (dice() < 0.5 ? "" : pick(behind));
  });
  let settled = 0;
  for (const [i, phone] of (await phonesOfMacro(cells)).entries()) {
    if (phone === null) continue;
    expect(readPhoneCell(cells[i] ?? ""), JSON.stringify(cells[i])).toEqual({ phones: [phone] });
    settled++;
  }
  expect(settled).toBeGreaterThan(10_000);
});

test("whole columns as spreadsheets write them are read by the macro", async () => {
  const cells = [
    ...["81200000001.0", "6281200000001.00", "81200000001,00", "'081200000001", '="081200000001"'],
    ...[" 081200000001", "\t+6281200000001 ", '"081200000001"', "081200000001\t"],
  ];
  expect(await phonesOfMacro(cells)).toEqual(cells.map(() => "6281200000001"));
  const left = ["81200000001.05", "812000001.0", "8,120000000", "' 081200000001", "812000000000.0"];
  expect(await phonesOfMacro(left)).toEqual([null, "62812000001", null, null, null]);
});

type Difference = {
  readonly what: string;
  /** A cell, what we make of it (phones or the reason for none), and what libphonenumber makes of it. */
  readonly example: string;
  readonly ours: string;
  readonly library: string;
  readonly reason: string;
  /** Which cells differ in this way, and what ours must then be. */
  readonly cells: RegExp;
  readonly readings: RegExp;
};

/** Where raw text is read differently. A difference is of the first kind whose cells and whose readings both fit. */
const knownDifferences: readonly Difference[] = [
  {
    what: "hidden digits at the end",
    example: "081200000001**",
    ours: "masked",
    library: "6281200000001",
    reason: "what stands behind the mask is not known; the library drops the mask",
    cells: /\*\*$|xx+$|\.\.$/,
    readings: /^masked$/,
  },
  {
    what: "a letter l for a digit",
    example: "0812 0000 000l",
    ours: "bad_char",
    library: "628120000000",
    reason: "it may stand for a 1 or a 7; the library cuts the number there",
    cells: /l$/,
    readings: /^bad_char$/,
  },
  {
    what: "a letter O for a zero",
    example: "0812 0000 123O",
    ours: "6281200001230",
    library: "628120000123",
    reason: "an O among digits is a zero and nothing else; the library drops it",
    cells: /O$/,
    readings: /^62\d+0$|^too_long$|_tail$|_excel$|^foreign$|^landline$/,
  },
  {
    what: "the end of a float",
    example: "081200000001.0",
    ours: "6281200000001",
    library: "62812000000010",
    reason: "a column of floats; the library takes the zero behind the point for a digit",
    cells: /[.,]0+(?!\d)/,
    readings: /^62\d+$|^too_|_tail$/,
  },
  {
    what: "a count in brackets",
    example: "081200000001 (2)",
    ours: "6281200000001",
    library: "62812000000012",
    reason: "what stands in brackets behind a whole number is a note",
    cells: / \(2\)$/,
    readings: /^62\d+$|^too_short$|_tail$|_excel$/,
  },
  {
    what: "a stray tail",
    example: "081200000001 0",
    ours: "ambiguous_tail",
    library: "62812000000010",
    reason: "with and without the tail it is a number, and one of them is a stranger's",
    cells: /\D\d{1,4}\D*$/,
    readings: /_tail$/,
  },
  {
    what: "six zeros at the end",
    example: "081200000000",
    ours: "rounded_by_excel",
    library: "6281200000000",
    reason: "so ends what a spreadsheet rounded; as a real number it is one in a million",
    cells: /(?:0\D*){6}/,
    readings: /_excel$/,
  },
  {
    what: "a slash",
    example: "0812000001/79",
    ours: "62812000001",
    library: "6281200000179",
    reason: "it divides two numbers, or a number and its other ending; the library joins them",
    cells: /\//,
    readings:
      /^62\d+$|^(?:too_short|short_code|service_number|invalid|landline|empty|ambiguous_intl|unassigned_prefix)$/,
  },
  {
    what: "a landline beside it",
    example: "081200000001 021-5201234",
    ours: "6281200000001",
    library: "no phone",
    reason: "a cell with a mobile number is read whatever else it holds",
    cells: / 021-5201234$/,
    readings: /^62\d+$/,
  },
  {
    what: "62 and nine digits",
    example: "62811000001",
    ours: "62811000001",
    library: "no phone",
    reason: "62 is the country; the library reads 0628…, an area of landlines",
    cells: /(?<![\d+])62(?:\D*\d){9}(?!\d)/,
    readings: /^62\d{9}$/,
  },
  {
    what: "0062",
    example: "006281200000001",
    ours: "6281200000001",
    library: "no phone",
    reason: "00 is how most of the world calls abroad; from Indonesia it is 001 and the like",
    cells: /0062/,
    readings: /^62\d+$/,
  },
  {
    what: "a list index",
    example: "1. 081200000001",
    ours: "6281200000001",
    library: "no phone",
    reason: "the 1. counts the rows",
    cells: /^1\. /,
    readings: /^62\d+$/,
  },
  {
    what: "an x or # behind nine digits",
    example: "812000001 x12",
    ours: "masked",
    library: "62812000001",
    reason: "so close to the rare nine digits it may hide one; the library sees an extension",
    cells: / x12$|#5$/,
    readings: /^masked$/,
  },
  {
    what: "two plus signs",
    example: "++6281200000001",
    ours: "6281200000001",
    library: "no phone",
    reason: "a slip of the finger that changes no digit",
    cells: /\+\+62/,
    readings: /^62\d+$/,
  },
  {
    what: "_ or ~ between digits",
    example: "0812_0000_0001",
    ours: "6281200000001",
    library: "no phone",
    reason: "a separator like any other",
    cells: /[_~]/,
    readings: /^62\d+$/,
  },
  {
    what: "a ~ before the last digits",
    example: "0812~00000001~1234",
    ours: "too_long",
    library: "6281200000001",
    reason: "these digits are a tail or too many; the library takes them for an extension",
    cells: /~/,
    readings: /^too_long$|_tail$/,
  },
  {
    what: "the country twice",
    example: "06281200000001",
    ours: "6281200000001",
    library: "no phone",
    reason: "a 0 or 62 was put before what had its 62 already",
    cells: /^\D*(?:0|62)\D*6\D*2/,
    readings: /^62\d+$|^landline$/,
  },
];

function knownDifference(cell: string, reading: PhoneReading): Difference | undefined {
  return knownDifferences.find(
    ({ cells, readings }) => cells.test(cell) && readings.test(shown(reading)),
  );
}

function libraryReading(cell: string): string {
  const judged = parsePhoneNumberFromString(cell, "ID");
  return judged?.country === "ID" && judged.isValid() ? judged.number.slice(1) : "no phone";
}

test.each(knownDifferences)("known difference: $what: $example", (difference) => {
  const { example, ours, library } = difference;
  const reading = readPhoneCell(example);
  expect(shown(reading)).toBe(ours);
  expect(libraryReading(example)).toBe(library);
  expect("phones" in reading ? ours : "no phone").not.toBe(library);
  expect(knownDifference(example, reading)).toBe(difference);
});

test(`libphonenumber on the raw text differs only in known ways (seed ${seed})`, () => {
  const unknown: string[] = [];
  const seen = new Set<string>();
  for (const cell of decoratedCells) {
    const theirs = libraryReading(cell);
    const reading = readPhoneCell(cell);
    const ours = "phones" in reading ? reading.phones.join(",") : "no phone";
    if (ours === theirs) continue;
    const known = knownDifference(cell, reading);
    if (known) seen.add(known.what);
    else unknown.push(`${JSON.stringify(cell)}: ours ${shown(reading)}, theirs ${theirs}`);
  }
  expect(unknown).toEqual([]);
  expect([...seen].sort()).toEqual(knownDifferences.map(({ what }) => what).sort());
});

test("whatever a cell holds: no reading throws, the macro never contradicts, and what is read is a valid number", async () => {
  const part = fc.oneof(
    fc.constantFrom(
      ...fronts,
      ...leads,
      ...separators,
      ...backs,
      "812",
      "0000",
      "\n",
      "８",
      "𝟎",
      "E+11",
    ),
    fc.stringMatching(/^\d{1,9}$/),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  const cells = fc.sample(
    fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
    { numRuns: 20_000, seed },
  );
  // A NUL does not get past the gate.
  const usable = cells.map((cell) => cell.replaceAll("\0", ""));
  const macro = await phonesOfMacro(usable);
  for (const [i, cell] of usable.entries()) {
    const reading = readPhoneCell(cell);
    if (macro[i] !== null) expect(reading, cell).toEqual({ phones: [macro[i]] });
    for (const phone of "phones" in reading ? reading.phones : []) {
      const judged = parsePhoneNumberFromString(`+${phone}`, { extract: false });
      expect([judged?.country, judged?.isValid()], cell).toEqual(["ID", true]);
    }
  }
});
