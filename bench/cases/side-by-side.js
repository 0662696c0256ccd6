// @ts-check
/** An order while a long list is being ingested into the same home. */
import { setTimeout as sleep } from "node:timers/promises";
import { makeList } from "../lists.js";
import { market, takeOrder } from "../market.js";
import { binary, count, start } from "../measure.js";

/** @type {import("../lab.js").Case} */
export const sideBySide = {
  name: "side-by-side",
  lines: [
    {
      title: "order during an ingest",
      ours: "`numbers order` of all columns to a CSV file while an ingest of three times the source's rows converts",
      peer: "the same order alone",
      of: "beside",
      against: "alone",
      goal: 2,
    },
  ],
  checked:
    "the order's answer as of any order; the ingest was still at work when the order had ended",
  async prepare(lab) {
    const { sold, paths } = await market(lab);
    const rows = lab.sizes.order;
    const listRows = lab.sizes.rows * 3;
    const list = lab.at("list.csv");
    await makeList(lab, list, { rows: listRows, seed: 7 });
    // A short list is in before an order has begun.
    const isLong = listRows >= 1_000_000;

    /** @param {string} home */
    const ingestInto = async (home) => {
      const command = /** @type {const} */ ([process.execPath, binary, "ingest", list, "--quiet"]);
      const { child, ended } = start(command, { home });
      if (isLong) await sleep(1_000);
      return async () => {
        const isAtWork = child?.exitCode === null;
        child?.kill();
        const { stderr } = await ended;
        if (isLong && !isAtWork) {
          throw new Error(`wrong answer: the ingest ended before the order: ${stderr}`);
        }
      };
    };
    const order = { from: sold, rows, paths };
    return {
      contestants: {
        alone: () => takeOrder(lab, order),
        beside: () => takeOrder(lab, { ...order, beside: ingestInto }),
      },
      facts: () => [
        `Side by side: an ingest of ${count(listRows)} rows, begun a second before the order and stopped after it; the wait for the lock is in the order's time and not told apart`,
      ],
    };
  },
};
