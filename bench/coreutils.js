// @ts-check
/** The commands of coreutils as a peer: sets of lines. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { expectSame, query } from "./answers.js";
import { measureProgram } from "./measure.js";
import { text } from "./peers/peer.js";

/** @param {import("./lab.js").Lab} lab @param {import("./tables.js").Tables} needed @returns {Record<string, import("./lab.js").Contestant>} */
export function reserveByCoreutils(lab, { rows, sales, candidatesFile, sortedFile }) {
  const tools = ["bash", "sort", "comm", "head"];
  if (tools.some((tool) => spawnSync(tool, ["--version"]).status !== 0)) {
    lab.skip("coreutils", `one of ${tools.join(", ")} is missing or is not GNU's`);
    return {};
  }
  const [picks, after] = [lab.at("picks.csv"), lab.at("after.csv")];
  const script = `set -e; export LC_ALL=C
    sort -u -S 25% --parallel=${lab.threads} "$1" | comm -23 - "$2" | head -n ${rows} > "$3"
    sort -m "$2" "$3" > "$4"; sync "$4"`;
  return {
    coreutils: async () => {
      const taken = await measureProgram(
        ["bash", "-c", script, "bash", candidatesFile, sortedFile, picks, after],
        { folder: lab.folder },
      );
      const csv = (/** @type {string} */ path) =>
        `read_csv(${text(path)}, header = false, columns = {phone: 'BIGINT'})`;
      const [found] = await query(`select
        (select count(*) from ${csv(picks)}) as rows,
        (select count(distinct phone) from ${csv(picks)}) as phones,
        (select count(*) from ${csv(picks)} where phone in (select phone from ${csv(sortedFile)})) as again,
        (select count(*) from ${csv(after)}) as sales`);
      expectSame(found?.rows, rows, "numbers taken by coreutils");
      expectSame(found?.phones, rows, "different numbers taken by coreutils");
      expectSame(found?.again, 0, "numbers taken by coreutils that were sold before");
      expectSame(found?.sales, sales + rows, "sales after coreutils");
      rmSync(after);
      return { ...taken, stepSeconds: taken.seconds };
    },
  };
}
