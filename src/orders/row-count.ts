/** Rows of a delivery, counted in its bytes as they go by: for whoever watches. */
import type { Layout } from "../engine/engine.ts";

const quote = 0x22;
const lineFeed = 0x0a;

export type RowCount = {
  add(block: Buffer): void;
  /** That have ended so far, without a header. */
  rows(): number;
};

/** Undefined for a format whose rows cannot be told apart in its bytes. */
export function createRowCount(format: Layout["format"]): RowCount | undefined {
  if (format === "parquet") return undefined;
  // Cells of these may hold line breaks, inside quotes; texts in JSON have none.
  const isTable = format === "csv" || format === "tsv";
  let lines = 0;
  let isQuoted = false;
  return {
    // From quote to quote by indexOf takes three times as long, as cells of JSON are full of them; an iterator takes eight.
    add: (block) => {
      const { length } = block;
      let ended = 0;
      let isInside = isQuoted;
      for (let at = 0; at < length; at += 1) {
        const byte = block[at];
        if (byte === quote) isInside = isTable && !isInside;
        else if (byte === lineFeed && !isInside) ended += 1;
      }
      lines += ended;
      isQuoted = isInside;
    },
    rows: () => Math.max(lines - (isTable ? 1 : 0), 0),
  };
}
