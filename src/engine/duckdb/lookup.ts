/** Looking numbers up: what the catalog knows, read at one moment; then the pool, without the lock. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { anyNumber } from "../../orders/criteria.ts";
import { dayOf } from "../../time.ts";
import { candidateFiles } from "../catalog/candidates.ts";
import { selectErasures } from "../catalog/erasures.ts";
import {
  findingOf,
  type Knowledge,
  suppressionOf,
  type Trace,
  type Traces,
  text,
  traceOf,
} from "../catalog/findings.ts";
import type { Finding, LookupQuery } from "../lookup.ts";
import type { Row } from "../session.ts";
import { fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import { ledgerCopyPath } from "./ledger-copies.ts";
import { createPieces, filesOf, type Piece, pieceOf } from "./pieces.ts";
import { algorithms, blockForOrder, phoneForms } from "./rules.ts";
import { requirePoolFile } from "./selection.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** Pool files that are replaced under our hands are looked for again so often. */
const triesMost = 5;

export async function lookUp(access: Access, query: LookupQuery): Promise<Finding[]> {
  for (let tries = 1; ; tries += 1) {
    const known = await access.read((session) => readCatalog(session, access, query));
    const files = known.pool.map((row) => String(row.file));
    try {
      const traces = await access.aside((session) => readFiles(session, access, query, known));
      return query.phones.map((phone) => findingOf(phone, query, known, traces));
    } catch (error) {
      const missing = files.find((file) => !existsSync(join(access.home.folder, file)));
      if (missing === undefined) throw error;
      if (tries === triesMost) requirePoolFile(access.home.folder, missing);
    }
  }
}

async function readCatalog(
  session: Session,
  { home, timeZone }: Access,
  { phones, importedSince, at }: LookupQuery,
): Promise<Knowledge> {
  await session.run("create_wanted", { phones });
  const pool = await session.rows("select_whole_pool");
  const lists = await session.rows("select_lists");
  const candidates = new Set<string>();
  for (const synthetic of [false, true]) {
    const { files } = await candidateFiles(session, {
      ...anyNumber,
      synthetic,
      importedSince,
      providers: [...new Set(pool.map((row) => String(row.provider)))],
      soldSince: at,
      customer: undefined,
      neverTwice: false,
      day: dayOf(at, timeZone),
    });
    for (const { path } of files) candidates.add(path);
  }
  await session.run("create_unsold");
  await session.run("insert_wanted");
  const buyer = { customer: undefined, neverTwice: false, maxSales: undefined };
  await blockForOrder(session, home.folder, buyer, at);
  const blocked = await session.rows("read_blocked");
  const erased = await selectErasures(session, home, phones);
  return {
    pool,
    lists: new Map(lists.map((row) => [String(row.import_id), row])),
    candidates,
    sales: await session.rows("select_sales"),
    suppressions: await readSuppressions(session),
    blocked: new Set(blocked.map((row) => row.phone as bigint)),
    erased: new Map(
      erased.map((row) => [
        row.phone as bigint,
        { since: row.erased_at as Date, isFinished: row.finished_at !== null },
      ]),
    ),
  };
}

async function readSuppressions(session: Session): Promise<Knowledge["suppressions"][number][]> {
  const found = (await session.rows("select_suppressions")).map((row) => suppressionOf(row));
  for (const [algorithm, digestOf] of Object.entries(algorithms)) {
    for (const [form, text] of Object.entries(phoneForms)) {
      const digest = digestOf(text);
      const rows = await session.rows("select_suppressed_digests", { algorithm, form }, { digest });
      found.push(...rows.map((row) => suppressionOf(row, `${algorithm} of ${form}`)));
    }
  }
  return found;
}

async function readFiles(
  session: Session,
  { home }: Access,
  { phones }: LookupQuery,
  known: Knowledge,
): Promise<Traces> {
  await session.run("create_wanted", { phones });
  const copies = new Map<string, Trace[]>();
  for (const row of known.sales) {
    if (row.order_id === null || row.reserved_at === null || copies.has(String(row.order_id))) {
      continue;
    }
    const orderId = String(row.order_id);
    const copy = ledgerCopyPath(home, orderId, row.reserved_at as Date);
    const rows = existsSync(copy) ? await session.rows("find_wanted_in_copy", { copy }) : [];
    copies.set(
      orderId,
      rows.map((one) => traceOf(one, String(one.path), 0)),
    );
  }
  const pieces = new Map(known.pool.map((row) => [String(row.path), pieceOf(home, row)]));
  if (pieces.size === 0) return { pool: [], copies };
  await createPieces(session, [...pieces.values()]);
  const rows = new Map(known.pool.map((row) => [String(row.path), row]));
  const pool: Trace[] = [];
  const categories = new Map<string, Map<bigint, string>>();
  for (const hit of await session.rows("find_wanted", { paths: filesOf([...pieces.values()]) })) {
    const path = String(hit.path);
    const row = rows.get(path);
    const piece = pieces.get(path);
    if (!row || !piece) throw new Error(`${path} is not among the files that were read`);
    if (!categories.has(path)) categories.set(path, await readCategories(session, piece, row));
    const trace = traceOf({ ...row, phone: hit.phone }, path, Number(hit.rows));
    const category = categories.get(path)?.get(trace.phone) ?? text(row.category);
    pool.push({ ...trace, category });
  }
  return { pool, copies };
}

async function readCategories(
  session: Session,
  { file, first, last }: Piece,
  { category_column }: Row,
): Promise<Map<bigint, string>> {
  if (category_column === null) return new Map();
  const cell = fragment`s.raw_data.${identifier(String(category_column))}`;
  const rows = await session.rows("find_wanted_categories", { file, first, last }, { cell });
  return new Map(
    rows
      .filter((row) => row.category !== null)
      .map((row) => [row.phone as bigint, String(row.category)]),
  );
}
