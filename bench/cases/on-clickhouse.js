// @ts-check
/**
 * The engine on ClickHouse beside the embedded one: the same home, moved over, and the same order from both; and the same list
 * into a fresh home of each. ClickHouse runs inside the process, so that both have the same two processors.
 */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { columnsOf, expectSame, sha256 } from "../answers.js";
import { isHere } from "../clickhouse.js";
import { laySales, registerPool } from "../homes.js";
import { sourceList } from "../lists.js";
import { ordering, takeOrder } from "../market.js";
import { count } from "../measure.js";

const step = { of: "server", figure: /** @type {const} */ ("stepSeconds") };
const reserving =
  "`seconds.reserve` of `numbers order` on ClickHouse: candidates, ledger, suppression, picks and the change that sells them";

/** @type {import("../lab.js").Case} */
export const onClickhouse = {
  name: "on-clickhouse",
  hasServer: true,
  lines: [
    {
      ...step,
      title: "ClickHouse, reserve",
      ours: reserving,
      peer: "the same order on the embedded engine",
      against: "embedded",
      goal: 5,
    },
    {
      ...step,
      title: "ClickHouse, reserve, plain",
      ours: reserving,
      peer: "ClickHouse's own `LEFT ANTI JOIN` of the same phones, distinct, `LIMIT`, into a table",
      against: "plain",
      goal: 1.5,
    },
    {
      title: "ClickHouse, reserve, peak memory",
      ours: "the whole process of that order, the server inside",
      of: "server",
      figure: "peakBytes",
      goal: 4e9,
    },
    {
      title: "ClickHouse, ingest",
      ours: "`numbers ingest` of the list into an empty database",
      peer: "the same on the embedded engine, into a fresh home",
      of: "ingest",
      against: "ingestEmbedded",
      goal: 2,
    },
  ],
  checked:
    "as many numbers as asked for, all different, none of them among the sales of before; as many numbers of the list as on the embedded engine",
  async prepare(lab) {
    if (!isHere(lab))
      return { contestants: /** @type {import("../lab.js").Prepared["contestants"]} */ ({}) };
    const { pool, poolSales, order: rows } = lab.sizes;
    const { path: source } = await sourceList(lab);
    const home = lab.at("embedded");
    const moved = lab.at("moved");
    const paths = await registerPool(lab, home, pool);
    await laySales(home, { sales: poolSales, perOrder: rows });
    cpSync(home, moved, { recursive: true });
    const address = (/** @type {string} */ folder) => [
      ...["--engine", "clickhouse", "--clickhouse-url", `chdb:${folder}`],
    ];
    const made = lab.at("made");
    await lab.ours(["move", "--to", "clickhouse", ...address(made).slice(2)], moved);
    const options = ["--columns", "phone"];
    /** @type {number | undefined} */
    let numbers;
    const ingested = (/** @type {string} */ stdout) => {
      const found = JSON.parse(stdout).numbers;
      numbers ??= found;
      expectSame(found, numbers, "numbers of the list");
    };
    return {
      contestants: {
        embedded: () => takeOrder(lab, { from: home, rows, paths, options }),
        server: async () => {
          // In its place: the home knows the database by where it is.
          const kept = lab.at("kept");
          cpSync(made, kept, { recursive: true });
          const path = lab.at("order.csv");
          const command = [...ordering(rows), "--json", "-o", path, ...options];
          const taken = await lab.ours([...command, ...address(made)], moved);
          const report = JSON.parse(taken.stdout);
          expectSame(report.numbers, rows, "numbers of the order");
          expectSame(report.sha256, await sha256(path), "sha256 of the order");
          expectSame(columnsOf(path).join(), "phone", "columns of the order");
          const phones = new Set(readFileSync(path, "utf8").trim().split("\n").slice(1));
          expectSame(phones.size, rows, "different numbers of the order");
          await expectUnsold(report.order_id);
          rmSync(made, { recursive: true });
          cpSync(kept, made, { recursive: true });
          rmSync(kept, { recursive: true });
          return { ...taken, stepSeconds: report.seconds.reserve };
        },
        plain: async () => {
          const taken = await lab.peer("clickhouse.js", {
            folder: made,
            statements: [
              "create table numbers.plain engine = MergeTree order by tuple() as " +
                "select distinct p.phone as phone from numbers.pool p left anti join " +
                "(select phone from numbers.ledger where sold_at > now() - interval 30 day) l " +
                `on l.phone = p.phone limit ${rows}`,
            ],
            question: "select count(), uniqExact(phone) from numbers.plain",
          });
          const { seconds, answer } = JSON.parse(taken.stdout);
          expectSame(answer, `${rows},${rows}`, "numbers of the plain anti-join");
          await lab.peer("clickhouse.js", {
            folder: made,
            statements: ["drop table numbers.plain sync"],
          });
          return { ...taken, stepSeconds: seconds };
        },
        ingest: async () => {
          const folder = lab.at("ingest-clickhouse");
          const own = lab.at("ingest-home");
          const taken = await lab.ours(["ingest", source, "--json", ...address(folder)], own);
          ingested(taken.stdout);
          for (const path of [folder, own]) rmSync(path, { recursive: true });
          return taken;
        },
        ingestEmbedded: async () => {
          const own = lab.at("ingest-home");
          const taken = await lab.ours(["ingest", source, "--json"], own);
          ingested(taken.stdout);
          rmSync(own, { recursive: true });
          return taken;
        },
      },
      facts: () => [
        `On ClickHouse: ${count(pool.files * pool.rows)} candidates in ${pool.files} files, ${count(poolSales)} sales, moved over by \`numbers move\`; orders of ${count(rows)} numbers`,
      ],
    };

    /** @param {string} orderId */
    async function expectUnsold(orderId) {
      const taken = await lab.peer("clickhouse.js", {
        folder: made,
        statements: [],
        question: `select count(), (
          select count() from numbers.ledger where ifNull(order_id, '') <> '${orderId}' and phone in (
            select phone from numbers.ledger where order_id = '${orderId}'
          )
        ) from numbers.ledger where order_id = '${orderId}'`,
      });
      const { answer } = JSON.parse(taken.stdout);
      expectSame(answer, `${rows},0`, "sales of the order, and those among them of before");
    }
  },
};
