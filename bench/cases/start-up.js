// @ts-check
/** What a command costs before it does anything, and whether a large home makes it dearer. */
import { expectSame } from "../answers.js";
import { registerNames } from "../homes.js";
import { binary, count, measure, run } from "../measure.js";

const small = { files: 10, rows: 1_000_000 };
const large = { files: 1_000, rows: 100_000_000 };
const isForAnySize = true;
const stats = `\`numbers stats\` on ${count(large.files)} pool files and ${count(large.rows)} rows`;

/** @type {import("../lab.js").Case} */
export const startUp = {
  name: "start-up",
  lines: [
    {
      title: "start-up",
      ours: "`numbers --help`",
      peer: "`node -e 0`",
      of: "help",
      against: "node",
      goal: 2,
      isForAnySize,
    },
    {
      title: "start-up, stats",
      ours: stats,
      peer: "`node -e 0`",
      of: "stats",
      against: "node",
      goal: 10,
      isForAnySize,
    },
    {
      title: "start-up, a large home",
      ours: stats,
      peer: `the same on ${count(small.files)} pool files and ${count(small.rows)} rows`,
      of: "stats",
      against: "statsOfFew",
      goal: 1.5,
      isForAnySize,
    },
  ],
  checked: "stats tells the rows; `--help` has loaded no native library of the engine",
  async prepare(lab) {
    const { folder } = lab;
    await registerNames(lab, lab.at("large"), large);
    await registerNames(lab, lab.at("few"), small);
    await checkNothingNative();
    const statsOf = (/** @type {string} */ home, /** @type {number} */ rows) => async () => {
      const taken = await measure([binary, "stats", "--json"], { folder, home });
      expectSame(poolOfStats(JSON.parse(taken.stdout)), rows, "rows told by stats");
      return taken;
    };
    return {
      runs: lab.sizes.quickRuns,
      contestants: {
        help: async () => {
          const taken = await measure([binary, "--help"], { folder });
          expectSame(taken.stdout.startsWith("Usage: numbers"), true, "help is shown");
          return taken;
        },
        node: () => measure(["-e", "0"], { folder }),
        stats: statsOf(lab.at("large"), large.rows),
        statsOfFew: statsOf(lab.at("few"), small.rows),
      },
    };
  },
};

/** @param {{ providers: readonly { pool: number }[] }} stats */
function poolOfStats({ providers }) {
  return providers.reduce((sum, { pool }) => sum + pool, 0);
}

/** As the process itself reports its libraries. */
async function checkNothingNative() {
  const code = `process.on("exit", () => {
    const { sharedObjects } = process.report.getReport();
    process.stderr.write(sharedObjects.filter((path) => /\\.node$|duckdb/.test(path)).join("\\n"));
  })`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  const { stderr } = await run([process.execPath, preload, binary, "--help"]);
  expectSame(stderr, "", "native libraries that --help loads");
}
