/**
 * The table of a workbook's texts, which its cells name by number. Kept as UTF-8 in one buffer: three million names
 * and addresses take 100 MB so, and 290 MB as JavaScript strings.
 */
import { damaged } from "./refusal.ts";
import { unescaped } from "./values.ts";
import { readXml } from "./xml.ts";

export type Strings = {
  readonly count: number;
  /** Throws `refused input` for a number that the table does not have. */
  at(index: number): string;
};

export const noStrings: Strings = {
  count: 0,
  at: (index) => {
    throw damaged(new Error(`a cell names text ${index}, and there are none`));
  },
};

/** Excel's own limit is 32,767 letters. */
const lettersMost = 1 << 20;
/** A sheet of a million rows has room for 32 different texts in each. */
const stringsMost = 1 << 25;

/**
 * Reads the table. `bytesMost` is what its XML has unpacked, and so more than its texts take: the memory is not used
 * before it is written.
 */
export async function readStrings(
  chunks: AsyncIterable<Uint8Array>,
  bytesMost: number,
): Promise<Strings> {
  const bytes = Buffer.allocUnsafeSlow(bytesMost);
  let ends = new Uint32Array(1 << 12);
  let count = 0;
  let end = 0;
  const collector = createTextCollector();
  const keep = (text: string) => {
    if (count === stringsMost) throw damaged(new Error(`more than ${stringsMost} texts`));
    end += bytes.write(text, end);
    if (count === ends.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(ends);
      ends = larger;
    }
    ends[count] = end;
    count += 1;
  };
  await readXml(chunks, {
    open: (name) => {
      if (name === "si") collector.begin();
      else collector.open(name);
    },
    text: collector.text,
    close: (name) => {
      if (name === "si") keep(collector.end());
      else collector.close(name);
    },
  });
  return {
    count,
    at: (index) => {
      if (!(index >= 0 && index < count)) {
        throw damaged(new Error(`a cell names text ${index} of ${count}`));
      }
      return bytes.toString("utf8", index === 0 ? 0 : ends[index - 1], ends[index]);
    },
  };
}

export type TextCollector = {
  begin(): void;
  open(name: string): void;
  text(piece: string): void;
  close(name: string): void;
  end(): string;
};

/** Joins the runs of a rich text; how it is to be pronounced (`rPh`) is no part of it. */
export function createTextCollector(): TextCollector {
  let joined = "";
  let isText = false;
  let isPhonetic = false;
  return {
    begin: () => {
      joined = "";
      isText = false;
      isPhonetic = false;
    },
    open: (name) => {
      if (name === "t") isText = !isPhonetic;
      else if (name === "rPh") isPhonetic = true;
    },
    text: (piece) => {
      if (!isText) return;
      joined += piece;
      if (joined.length > lettersMost) throw damaged(new Error("a text longer than any cell's"));
    },
    close: (name) => {
      if (name === "t") isText = false;
      else if (name === "rPh") isPhonetic = false;
    },
    end: () => unescaped(joined),
  };
}
