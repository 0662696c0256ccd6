/**
 * Text as a terminal shows it: how wide it is, cut to a width, in letters that every locale has, and without what would
 * steer the terminal. The only place that imports get-east-asian-width.
 */
import { eastAsianWidth } from "get-east-asian-width";

/** In columns: a letter of Chinese or an emoji takes two, what joins the letter before it none. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...text].reduce((sum, letter) => sum + widthOfLetter(letter), 0);
}

function widthOfLetter(letter: string): number {
  return /[\p{M}\p{Cf}]/u.test(letter) ? 0 : eastAsianWidth(letter.codePointAt(0) ?? 0);
}

/** The text, or as much of its beginning as fits into `width` columns with `more` behind it. */
export function clip(text: string, width: number, more: string): string {
  if (widthOf(text) <= width) return text;
  if (widthOf(more) > width) return "";
  return firstOf([...text], width - widthOf(more)).join("") + more;
}

/** The same of its end, with `more` in front of it. */
export function clipStart(text: string, width: number, more: string): string {
  if (widthOf(text) <= width) return text;
  if (widthOf(more) > width) return "";
  return (
    more +
    firstOf([...text].reverse(), width - widthOf(more))
      .reverse()
      .join("")
  );
}

function firstOf(letters: readonly string[], width: number): string[] {
  let left = width;
  const end = letters.findIndex((letter) => {
    left -= widthOfLetter(letter);
    return left < 0;
  });
  return letters.slice(0, end);
}

/** Filled up with blanks to `width` columns. */
export function pad(text: string, width: number, isRight: boolean): string {
  const blanks = " ".repeat(Math.max(width - widthOf(text), 0));
  return isRight ? blanks + text : text + blanks;
}

/**
 * Names of files, columns and categories come from strangers: what would steer a terminal, break the line or turn its
 * direction around is shown as \x1b or \u202e.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (letter) => {
    const code = letter.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** Whether the locale says that there is ASCII only. Where no locale is named, a terminal of today knows more. */
export function isPlain({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /^(C|POSIX)$/.test(LC_ALL || LC_CTYPE || LANG || "");
}

const plainLetters: Readonly<Record<string, string>> = { "…": "...", "×": "x", "–": "-", "—": "-" };

/** What the program says, in ASCII where `isAscii`. Names and cells in it are data and stay as they are. */
export function plain(text: string, isAscii: boolean): string {
  return isAscii ? text.replaceAll(/[…×–—]/g, (letter) => plainLetters[letter] ?? letter) : text;
}
