/** What a file is that is no list: a picture, a web page. Pure; by its first bytes, never by its name. */

/** How such a file begins, as the formats' own specifications say: what it is, at which byte, with which bytes. */
const signatures: readonly (readonly [nature: string, at: number, bytes: string])[] = [
  ["a JPEG picture", 0, "\xff\xd8\xff"],
  ["a PNG picture", 0, "\x89PNG\r\n\x1a\n"],
  ["a GIF picture", 0, "GIF8"],
  ["a WebP picture", 8, "WEBP"],
  ["a sound", 8, "WAVE"],
  ["a sound", 0, "OggS"],
  ["a film", 8, "AVI "],
  ["a film or sound", 4, "ftyp"],
  ["a PDF document", 0, "%PDF-"],
  ["an RTF document", 0, "{\\rtf"],
  ["a Parquet file", 0, "PAR1"],
  ["an SQLite database", 0, "SQLite format 3\0"],
  ["a 7-Zip archive", 0, "7z\xbc\xaf\x27\x1c"],
  ["a RAR archive", 0, "Rar!\x1a\x07"],
  ["an xz archive", 0, "\xfd7zXZ\0"],
  ["a bzip2 archive", 4, "1AY&SY"],
  ["a program", 0, "\x7fELF"],
];

const markup: readonly (readonly [nature: string, pattern: RegExp])[] = [
  ["a web page", /^<(?:!doctype html|html|head|body)\b/i],
  ["an XML document", /^<\?xml\b/i],
];

const sampleBytes = 4_096;
/** Of the sample. A list has next to none, even where a line or two is damaged; pictures and programs have a fifth. */
const controlShareMost = 0.1;

/**
 * What it is, when it is surely no table: `a JPEG picture`; else undefined. `start` is the beginning of the unpacked
 * content; `isWide` says that it is UTF-16, of which every other byte may be zero.
 */
export function natureOf(start: Buffer, isWide: boolean): string | undefined {
  const sample = start.subarray(0, sampleBytes);
  const text = sample.toString("latin1");
  const words = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  const known =
    signatures.find(([, at, bytes]) => text.startsWith(bytes, at)) ??
    markup.find(([, pattern]) => pattern.test(words));
  if (known) return known[0];
  const controls = sample.filter(isControl).length;
  return !isWide && controls > sample.length * controlShareMost ? "binary data" : undefined;
}

/** Tabs, line ends, form feeds, and the marks with which old programs end or escape text, are text. */
function isControl(byte: number): boolean {
  return (
    (byte < 0x20 && !"\t\n\v\f\r\x1a\x1b\x1f".includes(String.fromCharCode(byte))) || byte === 0x7f
  );
}
