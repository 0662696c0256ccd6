// @ts-check
/** How the time of a reservation grows with what was sold, with what is there, and with how much of it is gone. */
import { rmSync } from "node:fs";
import { expectSame } from "../answers.js";
import { cloneHome, laySales, registerPool } from "../homes.js";
import { ordering, takeOrder } from "../market.js";
import { binary, count, run } from "../measure.js";

const base =
  "the same in a home of a tenth of the sales, or of the candidates, of which none is sold";
const figure = /** @type {const} */ ("stepSeconds");
const grown = /** @type {const} */ ([
  ["sales", "with ten times the sales in the ledger", 3],
  ["candidates", "with ten times the candidates", 1.2],
  ["gone", "with the newest nine tenths of the candidates sold by orders", 2],
]);

/** @type {import("../lab.js").Case} */
export const growth = {
  name: "growth",
  lines: grown.flatMap(([of, words, goal]) => {
    const ours = `\`seconds.reserve\` of \`numbers order\` ${words}`;
    const line = { of, against: "base", peer: base };
    return [
      { ...line, title: `growth, ${of}`, ours, figure, goal },
      {
        ...line,
        title: `growth, ${of}, memory`,
        ours: "peak memory of that process",
        figure: /** @type {const} */ ("peakBytes"),
        goal: 1.2,
      },
    ];
  }),
  checked: "as many sales as asked for, of different phones, each in the pool, none sold before",
  async prepare(lab) {
    const { pool, poolSales, order: rows } = lab.sizes;
    const ten = (/** @type {number} */ value) => value * 10;
    const options = ["--columns", "phone"];
    const small = lab.at("small");
    const large = lab.at("large");
    const old = lab.at("old");
    const gone = lab.at("gone");
    const paths = await registerPool(lab, small, pool);
    cloneHome(small, old);
    await laySales(small, { sales: poolSales, perOrder: rows });
    await laySales(old, { sales: ten(poolSales), perOrder: rows });
    const many = await registerPool(lab, large, { files: ten(pool.files), rows: pool.rows });
    await laySales(large, { sales: poolSales, perOrder: rows });
    cloneHome(small, gone);
    const candidates = pool.files * pool.rows;
    const left = candidates / 10;
    for (let toSell = candidates - left; toSell > 0; toSell -= 1_000_000) {
      await sell(gone, Math.min(toSell, 1_000_000));
    }
    const take = (/** @type {string} */ from, /** @type {readonly string[]} */ files) => () =>
      takeOrder(lab, { from, rows, paths: files, options });
    return {
      contestants: {
        base: take(small, paths),
        sales: take(old, paths),
        candidates: take(large, many),
        gone: take(gone, paths),
      },
      facts: () => [
        `Growth: ${count(candidates)} and ${count(ten(candidates))} candidates in ${pool.files} and ${ten(pool.files)} pool files of two columns (registered, not ingested), ${count(poolSales)} and ${count(ten(poolSales))} sales, orders of ${count(rows)} numbers`,
      ],
    };

    /** @param {string} home @param {number} numbers */
    async function sell(home, numbers) {
      const target = lab.at("gone.csv");
      const command = [...ordering(numbers), ...options, "-o", target];
      const { code, stderr } = await run([process.execPath, binary, ...command], { home });
      expectSame(code, 0, `exit code of an order beforehand (${stderr.trim()})`);
      rmSync(target);
    }
  },
};
