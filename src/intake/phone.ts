/**
 * One dirty cell of a source file -> the Indonesian mobile numbers in it, or the reason why there are none.
 * Invariant: a digit is never guessed. What could be read as two different numbers is refused, because a
 * rejected row costs one row and a wrong number reaches a stranger.
 *
 * The path of a cell: tidy its characters -> drop what is no number (notes, extensions, dates) -> cut it into
 * pieces of one number each -> resolve the country code -> libphonenumber judges `+62` and the rest.
 * libphonenumber never sees the cell itself: of raw text it makes numbers that are valid and wrong
 * (`81234567890.0`, `0812345678/79`, `62811123456`).
 */

import { PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/mobile";

/** Why a cell gives no number: the code as it stands in the rejects file, and what it means. */
export const reasonCodes = {
  empty: "nothing, or a word for nothing: -, NULL, #N/A, nihil, tidak ada, 0000",
  no_digits: "text without a digit: Budi",
  too_short: "fewer than 9 digits after the 0 or 62: 081234567",
  too_long:
    "more than 12 digits after the 0 or 62, or a cell of over 1000 characters: 08123456789012",
  unassigned_prefix: "080 and 084 are no mobile prefixes: 084112345678",
  landline: "a fixed-line number: (021) 5201234",
  service_number: "a freephone, premium, shared-cost or 1500 number: 08001234567",
  short_code: "three to six digits, or a USSD code: 112, *858#",
  foreign: "a number of another country: +60123456789",
  ambiguous_intl: "foreign with its + or 00, Indonesian without: +81234567890, 0081234567890",
  ambiguous_tail: "a complete number and stray digits behind it: 081234567890 0",
  sci_notation: "a spreadsheet put an exponent in place of digits: 8.12E+11",
  rounded_by_excel: "ends in six zeros, as a rounded number does: 812000000000",
  masked: "digits are hidden: 0812****7890, 0812xxxx7890",
  bad_char: "a letter or sign in place of a digit: 08l2-3456-7890",
  date_like: "a date or a time: 08/12/2023",
  invalid: "digits that are no Indonesian number: 5201234",
} as const;

export type ReasonCode = keyof typeof reasonCodes;

export type PhoneReading = { phones: readonly string[] } | { reason: ReasonCode };

type Verdict = { phone: string } | { reason: ReasonCode };

/**
 * A longer cell is an unclosed quote that swallowed rows. It is refused whole, since a cut could halve a
 * number; and no pattern below ever works on more than this.
 */
const cellLengthMax = 1_000;

/** What is known not to be a digit but stands where one belongs; it keeps the damaged number in one piece. */
const marks = {
  masked: "\uE000",
  bad_char: "\uE001",
  sci_notation: "\uE002",
  date_like: "\uE003",
} as const;
const reasonsOfMarks = Object.entries(marks) as [ReasonCode, string][];

/** `0812|3456|7890`: one number written with what otherwise divides two. */
const slashedNumber = /^(?:\+?62[/|,;:]?|0)?8\d{1,3}([/|,;:])\d{3,5}(?:\1\d{3,5})+$/;

type Replacement = readonly [pattern: RegExp, by: string | ((...match: string[]) => string)];

/** After NFKC (full width, NBSP, `…`): other digits, dashes and quotes become ASCII, invisible characters go. */
const characters: readonly Replacement[] = [
  [/[\p{Cf}\p{M}\p{Co}]/gu, ""],
  [/[٠-٩۰-۹]/g, (digit = "") => String(digit.charCodeAt(0) & 15)],
  [/[\p{Pd}−]/gu, "-"],
  [/[·‧∙・。]/g, "."],
  [/[‘’‚‛“”„«»]/g, ""],
];

/** Cells that are settled as a whole, first match wins. */
const wholeCells: readonly (readonly [reason: ReasonCode, pattern: RegExp])[] = [
  ["masked", /^[- ]*(?:[x*#•●○◦■▪×][- ]*){2,}$/i],
  ["empty", /^[^\p{L}\p{N}]*$/u],
  [
    "empty",
    /^\W*(?:null|nil|none?|nan?|n[/.]?a?|undefined|unknown|nihil|kosong|blank|empty|missing|ref|value|name|div\/0|error|(?:tidak|tdk|tak|ga|gak|belum|blm) (?:ada|punya|tersedia))(?: (?:no|nomor|nomer|hp|telp|telepon|wa|data))*\W*$/i,
  ],
  ["no_digits", /^\D*$/],
  ["short_code", /^[*#][\d*#]+#$/],
];

const time = "\\d{1,2}[:.]\\d\\d(?:[:.]\\d\\d(?:\\.\\d+)?)?(?:Z|\\+\\d\\d:?\\d\\d)?";
const day = "(?:0?[1-9]|[12]\\d|3[01])";
const year = "(?:19|20)\\d\\d";
const monthName = "(?:jan|feb|mar|apr|mei|may|jun|jul|ag[ut]|aug|sep|o[kc]t|nov|de[sc])[a-z]*";
/** Neither side may touch another group of digits: `0812-31-12-2023` is a number. */
const dates = new RegExp(
  `(?<!\\d[-/.:]?)(?:(?:${year}([-/.])${day}\\1${day}|${day}([-/.])${day}\\2(?:${year}|\\d\\d)` +
    `|${day}[ -]${monthName}[ -]\\d{2,4}|${monthName} ${day},? ${year})(?:[ T,]{1,2}(?:pukul |jam )?${time})?` +
    `|\\d{1,2}:\\d\\d(?::\\d\\d)?)(?![-/.:]?\\d)`,
  "gi",
);

/**
 * What stands around numbers and is none. The order matters: a line relies on those above it. A pattern names
 * its own character first and looks behind after that, which costs a tenth of looking behind at every place.
 */
const noise: readonly Replacement[] = [
  [/[?&]text=.*$/i, ""],
  [/%2b|%20/gi, (code = "") => (code === "%20" ? " " : "+")],
  [/:\d{1,3}(?=@)/, ""], // the device in 62812…:12@s.whatsapp.net
  [/[a-z][\w.+-]{0,63}@[\w.-]+/gi, "/"], // digits of a mail address are no phone
  [/^\*([^*]+)\*$/, "$1"], // WhatsApp bold
  [/^\*\s?(?=[+0]|62)/, ""],
  [/\b(?<![.,])(\d+)(?:[.,](\d+))? ?e ?([+-]?\d{1,2})(?![\w.,])/gi, withoutExponent],
  // A column of floats, 81234567890.0 or 81.234.567.890,00; but 0812.3456.00 may be a number cut in groups.
  [/(?:[.,](?<=\d{9}.)|,(?<=\.\d{3},)|\.(?<=,\d{3}\.))0{1,2}(?![ .,~_-]*\d)/g, ""],
  [/[.,](?<=\d{10}.)0+(?![ .,~_-]*\d)/g, ""],
  [dates, `/${marks.date_like.repeat(8)}/`],
  [/\b(?<![.,])\d{1,3}(?:,\d{3}){2,}(?![\d,])/g, (money = "") => money.replaceAll(",", "")],
  [/(?:ext|ekst|pes|psw)[a-z]*[\s.:=]*\d{1,6}(?!\d)/gi, "/"],
  // Closer than this to the digits before it, an x or # hides a digit.
  [/x(?<=(?:\d[ .~_-]{0,3}){11}\dx|(?:\d[ .~_-]{0,3}){9}\d x) ?\d{1,5}(?!\d)/gi, "/"],
  [/#(?<=(?:\d[ .~_-]{0,3}){9}\d ?#) ?\d{1,5}(?!\d)/g, "/"],
  [/[oо](?<![a-z].)[oо]*(?=\d)|[oо](?<=\d.)[oо]*(?![a-z])/gi, (o = "") => "0".repeat(o.length)],
  [/(?:^| )\(?[1-9]\d?[.)] (?=[+(]?[068])/g, "/"], // a list index
  [/ [*•●▪■|] /g, "/"],
  [
    /[*•●○◦■▪×]+|x(?<![a-z].)x*(?![a-z])|##+|#(?<=\d#)(?=\d)|\?\?+|\?(?<=\d\?)|\.(?<=\d ?\.)\.+|_(?<=\d_)_+|-(?<=\d-)--+(?=\d)/gi,
    marks.masked,
  ],
  [
    /(\d)(?:(?:[a-z]|[bgilqsz]{2,3})(?![a-z])|[^\s\w+().~/\\,;:|&\uE000-\uE003-](?=\d))/gi,
    `$1${marks.bad_char}`,
  ],
  [/[bgilqsz](?<![a-z].)(?=\d)/gi, marks.bad_char],
  [/\((?<=(?:\d[ .~_-]{0,3}){9}\()/g, "/"], // brackets behind a whole number hold something else
];

/** `8.1234567890E+10` has all its digits; `8.12E+11` lost eight, and so may have a shorter one its zeros. */
function withoutExponent(match = "", whole = "", fraction = "", exponent = ""): string {
  const shift = Number(exponent);
  if (!fraction && shift < 7 && /^\d/.test(exponent)) return match; // "Blok 5E2"
  const isExact = fraction.length >= shift && /^0*$/.test(fraction.slice(shift));
  return isExact ? whole + fraction.slice(0, shift) : marks.sci_notation.repeat(8);
}

/**
 * Reads one cell. The phones are canonical digits (`6281234567890`), each once, in order of appearance; a cell
 * with a phone is read whatever else it holds. Otherwise the reason is that of its longest piece. Never throws.
 */
export function readPhoneCell(cell: string): PhoneReading {
  const trimmed = cell.trim();
  if (trimmed.length > cellLengthMax) return { reason: "too_long" };
  const tidied = tidy(trimmed);
  for (const [reason, pattern] of wholeCells) if (pattern.test(tidied)) return { reason };
  // Digits with a + or single blanks, a large part of what comes here, hold none of the noise.
  const text = /^\+?[\d ]*$/.test(tidied) ? tidied : replaceAll(tidied, noise);

  const phones: string[] = [];
  let reason: ReasonCode = "no_digits";
  let longest = 0;
  for (const groups of piecesOf(text)) {
    const verdict = readPiece(groups);
    const length = groups.join("").length;
    if ("phone" in verdict) {
      if (!phones.includes(verdict.phone)) phones.push(verdict.phone);
    } else if (length > longest) {
      reason = verdict.reason;
      longest = length;
    }
  }
  if (phones.length > 0) return { phones };
  const verdict = slashedNumber.test(text) ? readDigits(text.replace(/\D/g, "")) : { reason };
  return "phone" in verdict ? { phones: [verdict.phone] } : { reason };
}

function tidy(cell: string): string {
  const ascii = /^[\x20-\x7e]*$/.test(cell) ? cell : replaceAll(cell.normalize("NFKC"), characters);
  return ascii
    .replace(/['"`]/g, "")
    .replace(/[\r\n]+/g, "/")
    .replace(/\s{2,}|[^\S ]/g, " ")
    .trim();
}

function replaceAll(text: string, replacements: readonly Replacement[]): string {
  let result = text;
  for (const [pattern, by] of replacements) {
    // To search first halves the cost, as most patterns are not in most cells.
    if (result.search(pattern) >= 0) result = result.replace(pattern, by as string);
  }
  return result;
}

/** Cuts a text at letters and at / , ; : | &, and between two numbers that only a blank or dash divides. */
function piecesOf(text: string): string[][] {
  const pieces: string[][] = [];
  for (const run of text.match(/[+\d\uE000-\uE003][-+\d\uE000-\uE003 ._~()]*/g) ?? []) {
    const groups = run.match(/\+*[\d\uE000-\uE003]+/g) ?? [];
    let piece: string[] = [];
    let rest = groups.join("").length;
    for (const group of groups) {
      if (piece.length > 0 && startsNumber(group, rest, piece.join(""))) {
        pieces.push(piece);
        piece = [];
      }
      piece.push(group);
      rest -= group.length;
    }
    if (piece.length > 0) pieces.push(piece);
  }
  return pieces;
}

/** Whether a group begins another number, given how many digits come from here on and what stands before. */
function startsNumber(group: string, rest: number, before: string): boolean {
  if (/^\+*(?:0?0?\d?62|0)$/.test(before)) return false; // the country code or trunk 0 on its own
  // Behind 1, 7 or 91 these are the digits of another country's number.
  if (/^8[1-35-9]\d{7,10}$/.test(group)) return isWhole(before);
  if (!/^(?:\+|0|62)/.test(group) || rest < 9) return false;
  if (group.length >= 10 || isWhole(before)) return true;
  // A list index, a house number, a local landline: a mobile number begins like none of these.
  return /^(?!62|8)[1-9](?:\d?|\d{6,7})$/.test(before) && /^(?:\+|08|62)/.test(group);
}

function isWhole(written: string): boolean {
  const national = nationalNumber(written.replaceAll("+", ""), written.startsWith("+")) ?? "";
  return mobile.test(national) || fixedLine.test(national);
}

/** Judges the groups of digits that together are one number. */
function readPiece(groups: readonly string[]): Verdict {
  const piece = groups.join("");
  for (const [reason, mark] of reasonsOfMarks) if (piece.includes(mark)) return { reason };
  if (hasTail(groups)) return { reason: "ambiguous_tail" };
  return readDigits(piece.replaceAll("+", ""), piece.startsWith("+"));
}

/**
 * Whether the last group is no part of the number: `081234567890 0`, `0812-3456-7890-1`. Not when all groups
 * are that short (`0812 34 56 78 90`), nor when the number would end after the rare nine digits.
 */
function hasTail(groups: readonly string[]): boolean {
  const tail = groups.at(-1)?.length ?? 0;
  const previous = groups.at(-2)?.length ?? 0;
  if (previous < 9 && (tail > 2 || tail >= previous)) return false;
  const head = groups.slice(0, -1).join("");
  const national = nationalNumber(head.replaceAll("+", ""), head.startsWith("+")) ?? "";
  return mobile.test(national) && (previous >= 9 || tail === 1 || national.length > 9);
}

/**
 * Drops the country code and trunk zero; undefined for another country's number. `62` is always the country,
 * though libphonenumber takes `62811123456` for the area 0628, but for `0628…` as short as a landline there.
 */
function nationalNumber(digits: string, plus: boolean): string | undefined {
  const rest = digits.replace(/^00[1-9]?(?=62)/, "").replace(/^(?:0|62)(?=620?8\d{9,}$)/, "");
  if (rest.startsWith("62")) return rest.slice(rest[2] === "0" ? 3 : 2);
  if (rest.startsWith("00") || (plus && !rest.startsWith("0"))) return undefined;
  return rest.startsWith("0") ? rest.slice(1) : rest;
}

const mobile = /^8[1-35-9]\d{7,10}$/;
// libphonenumber's metadata of ID (fixedLine; tollFree, premiumRate, sharedCost and uan). The mobile metadata
// leaves these out and the full one costs start-up time; they only name reasons, and a test compares them.
const fixedLine =
  /^(?:2[124]\d{7,8}|619\d{8}|2(?:1(?:14|500)|2\d{3})\d{3}|61\d{5,8}|(?:2(?:[35][1-4]|6[0-8]|7[1-6]|8\d|9[1-8])|3(?:1|[25][1-8]|3[1-68]|4[1-3]|6[1-3568]|7[0-469]|8\d)|4(?:0[1-589]|1[01347-9]|2[0-36-8]|3[0-24-68]|43|5[1-378]|6[1-5]|7[134]|8[1245])|5(?:1[1-35-9]|2[25-8]|3[124-9]|4[1-3589]|5[1-46]|6[1-8])|6(?:[25]\d|3[1-69]|4[1-6])|7(?:02|[125][1-9]|[36]\d|4[1-8]|7[0-36-9])|9(?:0[12]|1[013-8]|2[0-479]|5[125-8]|6[23679]|7[159]|8[01346]))\d{5,8})$/;
const service = /^(?:(?:177\d|800)\d{5,7}|809\d{7}|(?:1500|8071\d{3})\d{3}|804\d{7})$/;

const compactDate = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

type Refusal = readonly [
  reason: ReasonCode,
  applies: (national: string, digits: string) => boolean,
];

/** Why a national number is no mobile number, first match wins; `digits` is how it was written. */
const refusals: readonly Refusal[] = [
  ["empty", (_, digits) => /^0*$/.test(digits)],
  ["date_like", (_, digits) => compactDate.test(digits)],
  ["service_number", (national) => service.test(national)],
  ["landline", (national) => fixedLine.test(national)],
  ["short_code", (_, digits) => /^[1-9]\d{2,5}$/.test(digits)],
  ["foreign", (_, digits) => /^(?!62)[1-9]\d{9}/.test(digits) && isValid(digits)],
  ["too_short", (national) => national.length < 7 || /^8\d{0,7}$/.test(national)],
  ["too_long", (national) => national.length > 12],
  ["unassigned_prefix", (national) => /^8[04]/.test(national)],
];

function readDigits(digits: string, plus = false): Verdict {
  const national = nationalNumber(digits, plus);
  if (national === undefined) return { reason: readAbroad(digits) };
  // The number stands in E.164 by now, so the parser's 2.7 µs (of 4.2) would find nothing more. 62 is ID alone.
  if (mobile.test(national) && new PhoneNumber(`+62${national}`).isValid()) {
    if (national.endsWith("000000")) return { reason: "rounded_by_excel" };
    return { phone: `62${national}` };
  }
  const refusal = refusals.find(([, applies]) => applies(national, digits));
  return { reason: refusal?.[0] ?? "invalid" };
}

/** Of digits after a + or 00 that are not followed by 62; 008, too, is a prefix for calling abroad. */
function readAbroad(digits: string): ReasonCode {
  const number = digits.replace(/^0+/, "");
  if (number === "") return "empty";
  if (mobile.test(number)) return "ambiguous_intl";
  if (!digits.startsWith("0")) return parse(digits) ? "foreign" : "invalid";
  return isValid(number) || isValid(digits.replace(/^00\d/, "")) ? "foreign" : "ambiguous_intl";
}

function isValid(digits: string): boolean {
  return parse(digits)?.isValid() ?? false;
}

function parse(digits: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(`+${digits}`, { extract: false });
}
