/** What the cells of a sheet say, as text: numbers, dates, escapes, references. Pure. */

/**
 * A stored number in full: `8.1200000001E10` is 81200000001, `81200000001.0` too. Whole numbers come out digit by digit
 * as they are stored, leading zeros that a program left included; fractions as JavaScript prints them.
 */
export function numberText(stored: string): string {
  const text = stored.trim();
  if (/^-?\d+$/.test(text)) return text;
  const [, sign, whole = "", fraction = "", power = "0"] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return text;
  const digits = (whole + fraction).replace(/0+$/, "");
  // Where the point stands, counted from the first digit.
  const point = whole.length + Number(power);
  if (digits.length > point) return String(Number(text));
  const full = digits.padEnd(point, "0").replace(/^0+(?=\d)/, "") || "0";
  return sign === "-" && full !== "0" ? `-${full}` : full;
}

/** The formats that Excel has built in for days and times, those of other countries included; 46 is a duration. */
function isBuiltInDate(id: number): boolean {
  return (
    (id >= 14 && id <= 22) ||
    (id >= 27 && id <= 36) ||
    id === 45 ||
    id === 47 ||
    (id >= 50 && id <= 58)
  );
}

/** Whether a number with this format is a point in time. `[h]:mm` is a duration and stays a number. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  const [positive = ""] = code.split(";");
  const bare = positive.replace(/"[^"]*"|\\.|_.|\*./g, "");
  if (/\[(h+|m+|s+)\]/i.test(bare)) return false;
  return /[ymdhs]/i.test(bare.replace(/\[[^\]]*\]/g, "").replace(/general/gi, ""));
}

const dayMs = 86_400_000;
/** 31 December 9999, the last day that Excel knows. */
const lastDay = 2_958_465;

/**
 * A day of Excel's calendar as ISO 8601: `2026-11-20`, with a time of day `2026-11-20T09:30:00`, a time alone
 * `09:30:00`. What lies outside the calendar, such as a phone in a column of dates, stays a number.
 */
export function dateText(stored: string, is1904: boolean): string {
  const serial = Number(stored);
  if (stored.trim() === "" || !(serial >= 0 && serial < lastDay + 1)) return numberText(stored);
  const seconds = Math.round(serial * 86_400);
  const days = Math.floor(seconds / 86_400);
  const time = new Date((seconds % 86_400) * 1_000).toISOString().slice(11, 19);
  if (serial < 1 && seconds > 0) return time;
  if (days > lastDay) return numberText(stored);
  const date = is1904 ? dayFrom(Date.UTC(1904, 0, 1), days) : dayOf1900(days);
  return time === "00:00:00" ? date : `${date}T${time}`;
}

/** Day 60 is 29 February 1900, which never was: Lotus 1-2-3 had it and Excel kept it. */
function dayOf1900(days: number): string {
  if (days === 60) return "1900-02-29";
  return dayFrom(Date.UTC(1899, 11, 30), days < 60 ? days + 1 : days);
}

function dayFrom(first: number, days: number): string {
  return new Date(first + days * dayMs).toISOString().slice(0, 10);
}

/** `_x000D_` is how a workbook writes a character that XML cannot hold (ECMA-376-1, 22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The column of a reference, counted from 0: `AB12` is 27; -1 for what is none. */
export function columnOf(reference: string): number {
  let column = 0;
  let at = 0;
  for (; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) & ~0x20;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
    if (column > 1_000_000) return -1;
  }
  return column - 1;
}
