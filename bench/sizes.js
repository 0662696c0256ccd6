// @ts-check
/** How much data each kind of run takes. The proportions are the same; the goals are set for the full sizes. */

/**
 * @typedef {object} Sizes
 * @property {number} rows of the source list that is ingested, generated, made dirty; peaks are compared at a quarter, once and three times as many
 * @property {number} runs how often each contestant is measured
 * @property {number} quickRuns how often those of a few hundredths of a second are
 * @property {{ files: number, rows: number }} market lists of one provider, of that many rows each, on as many days
 * @property {number} sales in the ledger beside the market
 * @property {number} order numbers of an order
 * @property {{ files: number, rows: number }} pool of the cases of growth; ten times as many files when it has grown
 * @property {number} poolSales in the ledger beside it; ten times as many when it has grown
 */

/** @type {Readonly<Record<"smoke" | "usual" | "full", Sizes>>} */
export const sizes = {
  smoke: {
    rows: 8_000,
    runs: 1,
    quickRuns: 1,
    market: { files: 1, rows: 10_000 },
    sales: 20_000,
    order: 1_000,
    pool: { files: 3, rows: 4_000 },
    poolSales: 10_000,
  },
  usual: {
    rows: 1_000_000,
    runs: 3,
    quickRuns: 15,
    market: { files: 3, rows: 400_000 },
    sales: 10_000_000,
    order: 100_000,
    pool: { files: 3, rows: 400_000 },
    poolSales: 3_000_000,
  },
  full: {
    rows: 4_000_000,
    runs: 3,
    quickRuns: 15,
    market: { files: 3, rows: 4_000_000 },
    sales: 100_000_000,
    order: 1_000_000,
    pool: { files: 3, rows: 4_000_000 },
    poolSales: 30_000_000,
  },
};
