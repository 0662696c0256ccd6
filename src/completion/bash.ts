/**
 * What bash leaves to the completion of a command: to read the words of a line, and to quote what is put in their place.
 * (zsh and fish do both themselves.) Pure; nothing on the line is ever run or looked up.
 */

/** A line up to the cursor, as bash and its line editor see it. */
export type Line = {
  /** Before the word under the cursor, without their quotes. */
  readonly words: readonly string[];
  /** The word under the cursor, without its quotes. */
  readonly typed: string;
  /** How many characters of `typed` stand before what the line editor replaces: `--provider=` or `Foo:`. */
  readonly kept: number;
  /** The quote that is open at the cursor. */
  readonly quote: Quote;
};

type Quote = "" | "'" | '"';

/** `breaks` is COMP_WORDBREAKS: behind each of these the editor sees another word, though the shell does not. */
export function readLine(line: string, breaks: string): Line {
  const words: string[] = [];
  let typed = "";
  let kept = 0;
  let quote: Quote = "";
  let isWord = false;
  const letters = [...line];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? "";
    const next = letters[at + 1];
    if (quote !== "") {
      if (letter === quote) {
        quote = "";
        kept = typed.length;
      } else if (quote === '"' && letter === "\\" && next !== undefined && '"\\$`'.includes(next)) {
        typed += next;
        at += 1;
      } else typed += letter;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
      isWord = true;
      kept = typed.length;
    } else if (/\s/.test(letter)) {
      if (isWord) words.push(typed);
      typed = "";
      kept = 0;
      isWord = false;
    } else {
      isWord = true;
      const isEscape = letter === "\\";
      // A backslash at the very end stands before what is not typed yet.
      typed += isEscape ? (next ?? "") : letter;
      if (isEscape) at += 1;
      else if (breaks.includes(letter)) kept = typed.length;
    }
  }
  return { words: words.slice(1), typed, kept, quote };
}

/** `value` as it stands in place of what the editor replaces, so that the shell reads exactly `value`. */
export function insertion(value: string, { kept, quote }: Line): string {
  const rest = value.slice(kept);
  if (quote === "'") return closed(rest.replaceAll("'", "'\\''"), quote);
  // An exclamation mark stands for an earlier command inside of these quotes, even behind a backslash; and what ends with
  // an escaped quote would be taken for closed.
  if (quote === '"') {
    const escaped = rest.replaceAll(/["\\$`]/g, "\\$&").replace(/\\"$/, '"\\""');
    return closed(escaped.replaceAll("!", '"\\!"'), quote);
  }
  return rest.replaceAll(/[^\p{L}\p{M}\p{N}_.,:=/@%+-]/gu, "\\$&");
}

/** The editor closes the quote itself, but not behind a quote. */
function closed(text: string, quote: Quote): string {
  return text.endsWith(quote) ? text + quote : text;
}
