// @ts-check
/** Writing a list, beside reading it. */
import { rmSync, statSync } from "node:fs";
import { expectSame, query, sha256 } from "../answers.js";
import { megabytes } from "../lab.js";
import { makeList, sourceList } from "../lists.js";
import { count } from "../measure.js";
import { text } from "../peers/peer.js";

/** @type {import("../lab.js").Case} */
export const generate = {
  name: "generate",
  lines: [
    {
      title: "generate",
      ours: "`numbers generate` to a file",
      peer: "`numbers ingest` of the same rows into a fresh home",
      of: "generate",
      against: "ingest",
      goal: 2,
    },
    {
      title: "generate, memory",
      ours: "peak memory of `numbers generate` of three times the rows",
      peer: "peak memory of `numbers generate` of the source's rows",
      of: "triple",
      against: "generate",
      figure: "peakBytes",
      goal: 1.2,
    },
  ],
  checked:
    "the same seed writes the same bytes; three times the rows are as many records of as many columns",
  async prepare(lab) {
    const { path: source, rows, columns } = await sourceList(lab);
    const sourceHash = await sha256(source);
    const [again, triple] = [lab.at("again.csv"), lab.at("triple.csv")];
    let bytes = 0;
    return {
      contestants: {
        generate: async () => {
          const taken = await makeList(lab, again, { rows });
          expectSame(await sha256(again), sourceHash, "sha256 of the same seed");
          rmSync(again);
          return taken;
        },
        ingest: async () => {
          const home = lab.at("home");
          rmSync(home, { recursive: true, force: true });
          const taken = await lab.ours(["ingest", source, "--json"], home);
          expectSame(JSON.parse(taken.stdout).lines, rows, "lines of the import");
          return taken;
        },
        triple: async () => {
          const taken = await makeList(lab, triple, { rows: 3 * rows });
          const types = columns.map((column) => `${text(column)}: 'VARCHAR'`).join(", ");
          const [found] = await query(
            `select count(*) as rows
            from read_csv(${text(triple)}, columns = {${types}}, header = true, delim = ',', quote = '"', auto_detect = false)`,
          );
          expectSame(found?.rows, 3 * rows, "rows of the long list");
          bytes = statSync(triple).size;
          rmSync(triple);
          return taken;
        },
      },
      facts: () => [
        `Generate: ${count(rows)} and ${count(3 * rows)} rows, the latter ${megabytes(bytes)}`,
      ],
    };
  },
};
