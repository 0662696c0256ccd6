// @ts-check
/** Whether everything still finishes with `--memory 1GB`, and how much slower. */
import { rmSync } from "node:fs";
import { expectSame, poolOf, query } from "../answers.js";
import { sourceList } from "../lists.js";
import { market, takeOrder } from "../market.js";

const limit = ["--memory", "1GB"];

/** @type {import("../lab.js").Case} */
export const oneGigabyte = {
  name: "one-gigabyte",
  lines: [
    {
      title: "ingest at 1 GB",
      ours: "`numbers ingest --memory 1GB`",
      peer: "`numbers ingest` with the memory it takes by itself",
      of: "ingestLimited",
      against: "ingest",
    },
    {
      title: "order at 1 GB",
      ours: "`numbers order --memory 1GB` of all columns to a CSV file",
      peer: "`numbers order` with the memory it takes by itself",
      of: "orderLimited",
      against: "order",
    },
  ],
  checked: "as of any ingest and any order: both finish with the same counts",
  async prepare(lab) {
    const { path, rows: lines } = await sourceList(lab);
    const { sold, paths } = await market(lab);
    const ingest = (/** @type {readonly string[]} */ options) => async () => {
      const home = lab.at("home");
      rmSync(home, { recursive: true, force: true });
      const taken = await lab.ours(["ingest", path, "--json", ...options], home);
      const report = JSON.parse(taken.stdout);
      expectSame(report.lines, lines, "lines of the import");
      const [found] = await query(`select count(phone) as numbers from ${poolOf(home)}`);
      expectSame(found?.numbers, report.numbers, "rows of the pool");
      rmSync(home, { recursive: true });
      return taken;
    };
    const order = (/** @type {readonly string[]} */ options) => () =>
      takeOrder(lab, { from: sold, rows: lab.sizes.order, paths, options });
    return {
      contestants: {
        ingest: ingest([]),
        ingestLimited: ingest(limit),
        order: order([]),
        orderLimited: order(limit),
      },
    };
  },
};
