// @ts-check
/** What a phone costs inside an ingest: the engine's fast path, and what reads the cells that are left over. */
import { oddList, sourceList } from "../lists.js";
import { count } from "../measure.js";

/** @type {import("../lab.js").Case} */
export const phoneCells = {
  name: "phone-cells",
  lines: [
    {
      title: "phone cells, engine",
      ours: "DuckDB scans the file and `phone_of` reads its phones",
      peer: "DuckDB scans the file and counts its phones",
      of: "engine",
      against: "scan",
      goal: 1.33,
    },
    {
      title: "phone cells, left over",
      ours: "`readPhoneCell` of the odd cells of a dirty list, each different one",
      peer: "bare libphonenumber-js on the same cells, which gets some of them wrong",
      of: "leftOver",
      against: "libphonenumber",
      goal: 1.25,
    },
  ],
  checked: "none here: what the cells are read as is checked by the tests",
  async prepare(lab) {
    const { path: source, rows, columns } = await sourceList(lab);
    const odd = await oddList(lab);
    const reading = { source, odd, columns, rounds: lab.sizes.runs, atLeast: rows / 5 };
    // By turns in one process, after a turn that does not count: start-up would hide the difference.
    const { fastPath, leftOver, cells } = JSON.parse(
      (await lab.peer("phone-cells.js", reading)).stdout,
    );
    const next = (/** @type {import("../lab.js").Figures[]} */ taken) => async () =>
      /** @type {import("../lab.js").Figures} */ (taken.shift());
    const of = (
      /** @type {{ ours: object, peer: object }[]} */ pairs,
      /** @type {"ours" | "peer"} */ who,
    ) => next(pairs.map((pair) => /** @type {import("../lab.js").Figures} */ (pair[who])));
    return {
      contestants: {
        engine: of(fastPath, "ours"),
        scan: of(fastPath, "peer"),
        leftOver: of(leftOver, "ours"),
        libphonenumber: of(leftOver, "peer"),
      },
      facts: () => [
        `Phone cells: ${count(cells)} different ones left over; measured in one process by turns, after a turn that does not count`,
      ],
    };
  },
};
