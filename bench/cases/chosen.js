// @ts-check
/** An order that chooses, beside a long list of numbers that must not be sold. */
import { existsSync } from "node:fs";
import { expectSame, query } from "../answers.js";
import { cloneHome } from "../homes.js";
import { market, takeOrder } from "../market.js";
import { binary, count, run } from "../measure.js";
import { text } from "../peers/peer.js";

/** Two columns, and beginnings that a good half of the provider's numbers have; a quarter of them is left. */
const wish = [
  ...["--filter", "gender=P", "--filter", "synthetic=yes"],
  ...["--prefix", "0811,0812,0813,0821"],
];
/** Entries of dnc for each candidate. */
const suppressedPerRow = 5;

/** @type {import("../lab.js").Case} */
export const chosen = {
  name: "chosen",
  lines: [
    {
      title: "order, chosen",
      ours: "`numbers order` with three filters and five dnc entries for each candidate",
      peer: "`numbers order` of as many numbers without them",
      of: "chosen",
      against: "plain",
      goal: 1.3,
    },
  ],
  checked:
    "all rows are as wished for, none suppressed; `numbers doctor` is content with the home afterwards",
  async prepare(lab) {
    const { fresh, paths, candidates } = await market(lab);
    const suppressed = candidates * suppressedPerRow;
    const listed = lab.at("suppressed");
    cloneHome(fresh, listed);
    // Nine in ten are nobody in the pool, as of a list that others made.
    await query(
      `insert into home.suppression
      select 6281000000000 + (range * 7919) % 9000000000, 'dnc', null, 'bench', now(), null
      from range(${suppressed})
      order by 1`,
      listed,
      "read_write",
    );
    const rows = Math.floor(lab.sizes.order / 4);
    let wasDoctored = false;
    return {
      contestants: {
        chosen: () =>
          takeOrder(lab, {
            ...{ from: listed, rows, paths, options: wish },
            check: async (path) => {
              const [wrong] = await query(
                `select
                  count(*) filter (where gender <> 'P' or not regexp_matches(d.phone, '^62(811|812|813|821)')) as unwanted,
                  count(s.phone) as suppressed
                from read_csv(${text(path)}, header = true, all_varchar = true) d
                left join (select distinct phone from home.suppression) s on s.phone = d.phone::bigint`,
                lab.at("home"),
              );
              expectSame(wrong?.unwanted, 0, "rows that were not asked for");
              expectSame(wrong?.suppressed, 0, "suppressed numbers that were sold");
            },
          }),
        plain: async () => {
          const taken = await takeOrder(lab, { from: fresh, rows, paths });
          if (!wasDoctored && existsSync(lab.at("home"))) {
            const home = lab.at("home");
            const doctor = await run([process.execPath, binary, "doctor"], { home });
            expectSame(doctor.code, 0, `exit code of numbers doctor (${doctor.stderr.trim()})`);
            wasDoctored = true;
          }
          return taken;
        },
      },
      facts: () => [
        `Chosen: ${count(rows)} numbers of one sex and four of the provider's prefixes, ${count(suppressed)} entries of dnc`,
      ],
    };
  },
};
