// @ts-check
/** Whether an ingest needs more memory for a longer list. */
import { rmSync } from "node:fs";
import { expectSame, poolOf, query } from "../answers.js";
import { makeList, sourceList } from "../lists.js";
import { count } from "../measure.js";

const most = 1.5e9;
const lines = /** @type {const} */ ([
  ["quarter", "a quarter of the source's rows"],
  ["whole", "as many rows as the source"],
  ["triple", "three times the source's rows"],
]);

/** @type {import("../lab.js").Case} */
export const ingestMemory = {
  name: "ingest-memory",
  lines: [
    ...lines.map(([of, words]) => ({
      title: `ingest, peak memory, ${of}`,
      ours: `\`numbers ingest\` of ${words}`,
      of,
      figure: /** @type {const} */ ("peakBytes"),
      goal: most,
      isForAnySize: true,
    })),
    {
      title: "ingest, three times the rows",
      ours: "`numbers ingest` of three times the rows",
      peer: "the same of as many rows as the source",
      of: "triple",
      against: "whole",
    },
  ],
  checked: "lines = accepted + rejected = rows, and the pool holds the numbers that were reported",
  async prepare(lab) {
    const unit = lab.sizes.rows / 4;
    const sizes = { quarter: unit, whole: 4 * unit, triple: 12 * unit };
    const { path: whole } = await sourceList(lab);
    const paths = { quarter: lab.at("quarter.csv"), whole, triple: lab.at("triple.csv") };
    await makeList(lab, paths.quarter, { rows: sizes.quarter });
    await makeList(lab, paths.triple, { rows: sizes.triple });
    const ingest = (/** @type {keyof typeof sizes} */ name) => async () => {
      const rows = sizes[name];
      const home = lab.at("home");
      rmSync(home, { recursive: true, force: true });
      const taken = await lab.ours(["ingest", paths[name], "--json"], home);
      const report = JSON.parse(taken.stdout);
      expectSame(report.lines, rows, "lines of the import");
      expectSame(report.accepted + report.rejected, rows, "accepted + rejected");
      const [found] = await query(`select count(phone) as numbers from ${poolOf(home)}`);
      expectSame(found?.numbers, report.numbers, "rows of the pool");
      rmSync(home, { recursive: true });
      return taken;
    };
    return {
      contestants: {
        quarter: ingest("quarter"),
        whole: ingest("whole"),
        triple: ingest("triple"),
      },
      facts: () => [`Memory of ingest: ${Object.values(sizes).map(count).join(", ")} rows`],
    };
  },
};
