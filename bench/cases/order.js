// @ts-check
/** A whole order, process start to exit, into a file and into a pipe. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { checkDelivery, checkSales, columnsOf, expectSame, sha256 } from "../answers.js";
import { cloneHome } from "../homes.js";
import { megabytes } from "../lab.js";
import { market, ordering, takeByTheBook, takeOrder } from "../market.js";
import { binary, run } from "../measure.js";

const bare = "bare DuckDB `COPY` of as many rows of the same pool files to a CSV file";
const toFile = "`numbers order` of all columns to a CSV file";

/** @type {import("../lab.js").Case} */
export const order = {
  name: "order",
  lines: [
    { title: "order", ours: toFile, peer: bare, of: "file", against: "bare", goal: 1.3 },
    {
      title: "order, to a pipe",
      ours: "`numbers order | wc -c`",
      peer: bare,
      of: "pipe",
      against: "bare",
      goal: 1.5,
    },
    {
      title: "order, memory kept",
      ours: toFile,
      peer: "the same `COPY` with the allocator set as the program sets it: memory kept for 10 s",
      of: "file",
      against: "bareKept",
    },
    {
      title: "order, by the book",
      ours: toFile,
      peer: "textbook: `LEFT JOIN … IS NULL`, distinct, `LIMIT`, insert, `COPY`",
      of: "file",
      against: "book",
    },
    {
      title: "order, phones only",
      ours: "`numbers order --columns phone` to a CSV file",
      peer: "the same textbook query without the other columns",
      of: "phones",
      against: "bookPhones",
    },
  ],
  checked:
    "a delivery has the rows asked for, all of different phones, each a row of the pool, its sha256 and size as reported (through the pipe as well), and the same numbers in the ledger, none of them sold before",
  async prepare(lab) {
    const { sold, paths, columns } = await market(lab);
    const rows = lab.sizes.order;
    const isWhole = (/** @type {readonly string[]} */ wanted) => (/** @type {string} */ path) =>
      checkDelivery({ path, rows, columns: wanted, paths });
    const byTheBook = async (/** @type {readonly string[]} */ wanted) => {
      const target = lab.at("book.csv");
      const taken = await takeByTheBook(lab, {
        ...{ from: sold, rows, paths, columns: wanted, target },
        variant: "distinct",
      });
      await isWhole(wanted)(target);
      return taken;
    };
    const bareExport =
      (keepsMemory = false) =>
      async () => {
        const target = lab.at("bare.csv");
        const task = { paths, columns, rows, target, keepsMemory };
        const taken = await lab.peer("bare-export.js", task);
        expectSame(JSON.parse(taken.stdout).rows, rows, "rows of the bare export");
        expectSame(columnsOf(target), ["phone", ...columns], "columns of the bare export");
        return taken;
      };
    let bytes = 0;
    return {
      contestants: {
        file: async () => {
          const taken = await takeOrder(lab, { from: sold, rows, paths, check: isWhole(columns) });
          bytes = taken.storedBytes;
          return taken;
        },
        bare: bareExport(),
        bareKept: bareExport(true),
        pipe: async () => {
          const home = lab.at("home");
          cloneHome(sold, home);
          const taken = await lab.ours([...ordering(rows), "-o", "-"], home, { into: "wc -c" });
          await checkAgain(home, Number(taken.stdout.trim()));
          return taken;
        },
        book: () => byTheBook(columns),
        phones: () =>
          takeOrder(lab, {
            ...{ from: sold, rows, paths },
            options: ["--columns", "phone"],
            check: isWhole([]),
          }),
        bookPhones: () => byTheBook([]),
      },
      facts: () => [`Order: ${megabytes(bytes)} with all columns`],
    };

    /** What went through the pipe is what an export writes. @param {string} home @param {number} piped */
    async function checkAgain(home, piped) {
      const listed = await run([process.execPath, binary, "order", "list", "--json"], { home });
      const [{ order_id: orderId, bytes: told, sha256: hash }] = JSON.parse(listed.stdout).orders;
      expectSame(piped, told, "bytes that came out of the pipe");
      const path = lab.at("again.csv");
      const again = ["order", "export", orderId, "-o", path, "--json"];
      const exported = await run([process.execPath, binary, ...again], { home });
      expectSame(exported.code, 0, `exit code of the export (${exported.stderr.trim()})`);
      expectSame(statSync(path).size, piped, "bytes of the order once more");
      expectSame(await sha256(path), hash, "sha256 of the order in a pipe");
      await checkSales({
        database: join(home, "numbers.duckdb"),
        ...{ orderId, rows, paths, delivery: path },
      });
      await isWhole(columns)(path);
    }
  },
};
