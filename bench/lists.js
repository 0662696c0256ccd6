// @ts-check
/** Source lists from the seed. */
import { statSync } from "node:fs";
import { columnsOf, expectSame } from "./answers.js";

export const seed = 1;

/**
 * @param {import("./lab.js").Lab} lab
 * @param {string} path
 * @param {{ rows: number, provider?: string, seed?: number, dirty?: number }} options
 */
export async function makeList(lab, path, { rows, provider = "mix", seed: own = seed, dirty }) {
  const taken = await lab.ours(
    [
      ...["generate", "--rows", String(rows), "--seed", String(own), "--provider", provider],
      ...(dirty === undefined ? [] : ["--dirty", String(dirty)]),
      ...["-o", path],
    ],
    lab.at("generate-home"),
  );
  return taken;
}

/** The list of all providers that is ingested, generated and made dirty: the phone is its first column. */
export function sourceList(/** @type {import("./lab.js").Lab} */ lab) {
  return lab.scene("source", async (folder) => {
    const { rows } = lab.sizes;
    const path = `${folder}/source.csv`;
    await makeList(lab, path, { rows });
    const columns = columnsOf(path);
    expectSame(columns[0], "msisdn", "first column of a list");
    return { path, rows, columns, bytes: statSync(path).size };
  });
}

/** The same rows with odd phone cells in one of twenty. @param {import("./lab.js").Lab} lab */
export function oddList(lab) {
  return lab.scene("odd", async (folder) => {
    const path = `${folder}/odd.csv`;
    await makeList(lab, path, { rows: lab.sizes.rows, dirty: 0.05 });
    return path;
  });
}
