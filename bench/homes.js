// @ts-check
/** Homes to order from: copies that cost little, sales laid into a ledger, pool files that no list was ingested for. */
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { query } from "./answers.js";
import { binary, run } from "./measure.js";
import { text } from "./peers/peer.js";

/**
 * A home as it was, in the place of whatever is at `to`. Pool files never change, so a second name is enough for them.
 * @param {string} from
 * @param {string} to
 */
export function cloneHome(from, to) {
  rmSync(to, { recursive: true, force: true });
  copyBelow(from, to, false);
}

/** @param {string} from @param {string} to @param {boolean} isPool */
function copyBelow(from, to, isPool) {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyBelow(source, target, isPool || entry.name === "pool");
    else if (isPool) linkSync(source, target);
    else copyFileSync(source, target, constants.COPYFILE_FICLONE);
  }
}

const prefixes = {
  tsel: [811, 812, 813, 821, 822, 823, 851, 852, 853],
  isat: [814, 815, 816, 855, 856, 857, 858],
  tri: [895, 896, 897, 898, 899],
  xl: [817, 818, 819, 859, 877, 878],
  axis: [831, 832, 833, 838],
  sf: [881, 882, 883, 884, 885, 886, 887, 888, 889],
};

/**
 * The n-th number of a space: the prefixes in turn, eight digits behind them that jump about and never come twice. Generated
 * lists begin those with 0; so sales (from 3 on) and registered pool files (1 and 2) have no number in common with them.
 * @param {readonly number[]} of
 * @param {string} n
 * @param {"sold" | "pool"} space
 */
function numberAt(of, n, space) {
  const [first, room] = space === "sold" ? [30_000_000, 70_000_000] : [10_000_000, 20_000_000];
  // A prime: it shares no factor with the room.
  const place = `((${n} // ${of.length}) * 15485863 % ${room})`;
  return `([${of.join(", ")}][1 + (${n} % ${of.length})::integer] + 62000)::bigint * 100000000 + ${first} + ${place}`;
}

/**
 * Lays sales into the ledger of a home, order after order as time went: each of one provider, sorted by phone, spread over
 * the last thirty days. Three of ten are of tsel. They are no orders that the catalog knows.
 * @param {string} home
 * @param {{ sales: number, perOrder: number, sold?: string }} options
 *   `sold`: a query of phones of tsel that are among them
 */
export async function laySales(home, { sales, perOrder, sold }) {
  const orders = Math.round(sales / perOrder);
  const others = /** @type {const} */ (["isat", "tri", "xl", "axis", "sf"]);
  const ofTsel = Math.ceil((orders * 3) / 10);
  const statements = [
    `create temp table sold as
    select phone, (row_number() over (order by hash(phone)) - 1) % ${ofTsel} as turn
    from (${sold ?? "select 0::bigint as phone where false"})`,
  ];
  const turns = { tsel: 0, isat: 0, tri: 0, xl: 0, axis: 0, sf: 0 };
  for (let number = 0; number < orders; number += 1) {
    const isTsel = ((number + 1) * 3) % 10 < 3;
    const provider = isTsel ? "tsel" : (others[number % others.length] ?? "isat");
    const turn = turns[provider];
    turns[provider] += 1;
    const age = ((orders - number) / (orders + 1)) * 29.5;
    const own = isTsel ? `(select count(*) from sold where turn = ${turn})` : "0";
    statements.push(`
      insert into home.ledger (phone, provider, order_id, sold_at)
      select phone, ${text(provider)}, ${text(`laid-${number}`)}, now() - interval (${Math.round(age * 86_400)}) second
      from (
        select ${numberAt(prefixes[provider], `(${turn * perOrder} + range)`, "sold")} as phone
        from range(${perOrder})
        where range < ${perOrder} - ${own}
        ${isTsel ? `union all select phone from sold where turn = ${turn}` : ""}
      )
      order by phone`);
  }
  await query(statements.join(";\n"), home, "read_write");
}

/**
 * A home whose pool is registered: files of tsel's numbers as an ingest would lay them, a day each for a third of them, with
 * two columns; no list was read for them.
 * @param {import("./lab.js").Lab} lab
 * @param {string} home
 * @param {{ files: number, rows: number }} pool
 */
export async function registerPool(lab, home, { files, rows }) {
  await makeHome(lab, home);
  const paths = [];
  for (let number = 0; number < files; number += 1) {
    const day = dayBefore(Math.floor(((files - 1 - number) * 3) / files));
    const path = `pool/date=${day}/provider=tsel/bench-${number}-1.parquet`;
    mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 });
    paths.push({ path, day, number });
    await query(`
      copy (
        select phone, {msisdn: phone::varchar, synthetic: 'yes'} as raw_data
        from (
          select ${numberAt(prefixes.tsel, "range", "pool")} as phone
          from range(${number * rows}, ${(number + 1) * rows})
        )
      ) to ${text(join(home, path))}
      (format parquet, compression zstd, compression_level 1, row_group_size 30720)`);
  }
  const rowsOf = paths.map(({ path, day, number }) => {
    const { size } = statSync(join(home, path));
    return `(${number}, ${text(path)}, ${text(day)}, ${size})`;
  });
  await registerFiles(home, rowsOf, rows);
  return paths.map(({ path }) => join(home, path));
}

/**
 * @param {string} home
 * @param {readonly string[]} files each as SQL: number, path, day, bytes
 * @param {number} numbers in each
 */
async function registerFiles(home, files, numbers) {
  await query(
    `create temp table file as select * from (values ${files.join(", ")}) t(number, path, day, bytes);
    insert into home.imports (
      import_id, sequence, content_hash, content_bytes, file_bytes, path, date, imported_at, recorded_at,
      lines, accepted, rejected, numbers, mismatched, reasons, forced
    )
    select
      'bench-' || number, number + 1, 'bench-' || number, bytes, bytes, 'bench-' || number || '.csv', day::date,
      now() - interval (${files.length} - number) minute - interval (current_date - day::date) day, now(),
      ${numbers}, ${numbers}, 0, ${numbers}, 0, '{}', false
    from file;
    insert into home.pool_files (
      path, import_id, provider, date, imported_at, sequence, synthetic, numbers, bytes, columns, phone_column
    )
    select
      f.path, i.import_id, 'tsel', i.date, i.imported_at, i.sequence, true, ${numbers}, f.bytes,
      ['msisdn', 'synthetic'], 'msisdn'
    from file f
    join home.imports i on i.import_id = 'bench-' || f.number`,
    home,
    "read_write",
  );
}

/**
 * A home whose catalog knows pool files that nobody opens.
 * @param {import("./lab.js").Lab} lab
 * @param {string} home
 * @param {{ files: number, rows: number }} pool `rows` of all
 */
export async function registerNames(lab, home, { files, rows }) {
  await makeHome(lab, home);
  const named = Array.from({ length: files }, (_, number) => {
    const day = dayBefore(number % 10);
    return `(${number}, ${text(`pool/date=${day}/provider=tsel/bench-${number}-1.parquet`)}, ${text(day)}, 1000000)`;
  });
  await registerFiles(home, named, rows / files);
}

/** An empty home, made by the program itself once. @param {import("./lab.js").Lab} lab @param {string} home */
async function makeHome(lab, home) {
  const empty = await lab.scene("empty", async (folder) => {
    const { code, stderr } = await run([process.execPath, binary, "stats"], { home: folder });
    if (code !== 0) throw new Error(`no home could be made: ${stderr}`);
    return folder;
  });
  cloneHome(empty, home);
}

/** The day as many days ago, YYYY-MM-DD. @param {number} days */
export function dayBefore(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
