// @ts-check
/** What dirt costs: the same rows clean, and with odd phone cells and broken lines. */
import { rmSync } from "node:fs";
import { checkIngest, expectSame } from "../answers.js";
import { damage } from "../damage.js";
import { makeList, oddList, sourceList } from "../lists.js";
import { count } from "../measure.js";

/** Of the rows. */
const brokenShare = 0.01;

/** @type {import("../lab.js").Case} */
export const dirty = {
  name: "dirty",
  lines: [
    {
      title: "dirty",
      ours: "`numbers ingest` of a list with 5 % odd phone cells and 1 % broken lines",
      peer: "`numbers ingest` of the same rows, all clean",
      of: "dirty",
      against: "clean",
      goal: 1.5,
    },
  ],
  checked:
    "the dirty list gives for each reason the lines that were made so, and one number less for each broken line; every other row is in the pool, cell by cell",
  async prepare(lab) {
    const { rows, columns } = await sourceList(lab);
    const clean = lab.at("clean.csv");
    const odd = await oddList(lab);
    const broken = lab.at("broken.csv");
    await makeList(lab, clean, { rows, dirty: 0 });
    const damaged = await damage(odd, broken, brokenShare);
    const lines = Object.values(damaged).reduce((sum, one) => sum + one, 0);
    // The last of them may find no line any more that it could break.
    const isAsMany = Math.abs(lines - rows * brokenShare) <= 1;
    expectSame(isAsMany, true, `${lines} lines of ${rows} are broken`);
    const home = lab.at("home");
    // What an ingest says of the rows before any line was broken; each broken line takes one number with it.
    const whole = JSON.parse((await lab.ours(["ingest", odd, "--dry-run", "--json"], home)).stdout);
    const bareCopy = lab.at("odd.parquet");
    await lab.peer("bare-copy.js", { source: odd, columns, target: bareCopy });
    const ingest = async (/** @type {string} */ path) => {
      rmSync(home, { recursive: true, force: true });
      const taken = await lab.ours(["ingest", path, "--json"], home);
      return { taken, report: JSON.parse(taken.stdout) };
    };
    return {
      contestants: {
        dirty: async () => {
          const { taken, report } = await ingest(broken);
          await checkIngest(report, { rows, home, bareCopy });
          expectSame(report.accepted, whole.accepted - lines, "accepted rows of the dirty list");
          expectSame(report.numbers, whole.numbers - lines, "numbers of the dirty list");
          const expected = reasonsOf({ files: [...whole.files, { reasons: damaged }] });
          expectSame(reasonsOf(report), expected, "reasons of the dirty list");
          return taken;
        },
        clean: async () => {
          const { taken, report } = await ingest(clean);
          expectSame(report.accepted, rows, "accepted rows of the clean list");
          return taken;
        },
      },
      facts: () => [
        `Dirty: the source's rows with 5 % odd phone cells and ${count(lines)} broken lines, spread evenly: text behind a quote, a quote inside a cell, a quote that never closes, a cell too many, a NUL byte`,
      ],
    };
  },
};

/**
 * The reasons of all files of a report, as text that can be compared.
 * @param {{ files: readonly { reasons: Record<string, number> }[] }} report
 */
function reasonsOf({ files }) {
  const all = files.flatMap(({ reasons }) => Object.entries(reasons));
  return all.map(([reason, lines]) => `${reason} ${lines}`).sort();
}
