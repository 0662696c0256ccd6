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
    add: (block) => {
      let quoteAt = isTable ? block.indexOf(quote) : -1;
      let feedAt = block.indexOf(lineFeed);
      while (feedAt >= 0 || quoteAt >= 0) {
        if (quoteAt >= 0 && (feedAt < 0 || quoteAt < feedAt)) {
          isQuoted = !isQuoted;
          quoteAt = block.indexOf(quote, quoteAt + 1);
        } else {
          if (!isQuoted) lines += 1;
          feedAt = block.indexOf(lineFeed, feedAt + 1);
        }
      }
    },
    rows: () => Math.max(lines - (isTable ? 1 : 0), 0),
  };
}
