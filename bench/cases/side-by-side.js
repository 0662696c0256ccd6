// @ts-check
/** An order while a long list is being ingested into the same home. */
import { setTimeout as sleep } from "node:timers/promises";
import { makeList } from "../lists.js";
import { market, takeOrder } from "../market.js";
import { binary, count, run, start } from "../measure.js";

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
    {
      title: "order during an ingest, wait",
      ours: "how long that order waited for the lock, as `--profile` tells",
      peer: "the whole order alone",
      of: "beside",
      against: "alone",
      figure: "stepSeconds",
      goal: 0.1,
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
    const help = await run([process.execPath, binary, "order", "--help"]);
    const hasProfile = help.stdout.includes("--profile");
    if (!hasProfile) lab.skip("the wait for the lock", "this program has no --profile yet");
    const order = { from: sold, rows, paths, options: hasProfile ? ["--profile"] : [] };
    return {
      contestants: {
        alone: async () => {
          const taken = await takeOrder(lab, order);
          return { ...taken, stepSeconds: taken.seconds };
        },
        beside: async () => {
          const taken = await takeOrder(lab, { ...order, beside: ingestInto });
          return { ...taken, stepSeconds: hasProfile ? waitOf(taken.stderr) : undefined };
        },
      },
      facts: () => [
        `Side by side: an ingest of ${count(listRows)} rows, begun a second before the order and stopped after it`,
      ],
    };
  },
};

/** Out of the line of JSON that `--profile` prints. @param {string} stderr */
function waitOf(stderr) {
  const line = stderr.split("\n").find((one) => one.startsWith('{"profile"'));
  if (line === undefined) throw new Error(`--profile printed nothing: ${stderr}`);
  /** @type {{ phase: string, seconds: number }[]} */
  const phases = JSON.parse(line).profile;
  return phases.find(({ phase }) => phase === "wait for the lock")?.seconds ?? 0;
}
