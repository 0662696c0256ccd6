/** Looking numbers up: what the catalog knows, read at one moment; then the pool, without the lock. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { anyNumber } from "../../orders/criteria.ts";
import { dayOf } from "../../time.ts";
import { candidateFiles } from "../catalog/candidates.ts";
import type { OrderState } from "../engine.ts";
import type { Finding, LookupQuery, Occurrence, Sale, Suppression } from "../lookup.ts";
import type { Row } from "../session.ts";
import { fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import { selectErasures } from "./erasures.ts";
import { ledgerCopyPath } from "./ledger-copies.ts";
import { createPieces, filesOf, type Piece, pieceOf } from "./pieces.ts";
import { algorithms, blockForOrder, phoneForms } from "./rules.ts";
import { requirePoolFile } from "./selection.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** Pool files that are replaced under our hands are looked for again so often. */
const triesMost = 5;

/** What the catalog knows at one moment. */
type Knowledge = {
  readonly pool: readonly Row[];
  readonly lists: ReadonlyMap<string, Row>;
  /** Pool files that an order may take from now. */
  readonly candidates: ReadonlySet<string>;
  readonly sales: readonly Row[];
  readonly suppressions: readonly (Suppression & { readonly phone: bigint })[];
  readonly rules: ReadonlyMap<bigint, string>;
  readonly erased: ReadonlyMap<bigint, { since: Date; isFinished: boolean }>;
};

/** A row of the pool or of an order's copy: where a number was. */
type Trace = {
  readonly phone: bigint;
  readonly path: string;
  readonly rows: number;
  readonly provider: string;
  readonly category?: string | undefined;
};

type Traces = {
  readonly pool: readonly Trace[];
  /** By order. */
  readonly copies: ReadonlyMap<string, readonly Trace[]>;
};

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
    rules: new Map(blocked.map((row) => [row.phone as bigint, String(row.rule)])),
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

function suppressionOf(row: Row, digest?: string): Knowledge["suppressions"][number] {
  return {
    phone: row.phone as bigint,
    kind: String(row.kind),
    customer: text(row.customer),
    reason: text(row.reason),
    addedAt: row.added_at as Date,
    until: (row.until as Date | null) ?? undefined,
    digest,
  };
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

function traceOf(row: Row, path: string, rows: number): Trace {
  return { phone: row.phone as bigint, path, rows, provider: String(row.provider) };
}

function findingOf(phone: bigint, query: LookupQuery, known: Knowledge, traces: Traces): Finding {
  const pool = traces.pool.filter((trace) => trace.phone === phone);
  const sales = known.sales.filter((row) => row.phone === phone);
  const remembered = sales.flatMap((row) =>
    (traces.copies.get(String(row.order_id)) ?? []).filter((trace) => trace.phone === phone),
  );
  const suppressions = known.suppressions.filter((one) => one.phone === phone);
  const erased = known.erased.get(phone);
  const soldAt = sales.map((row) => (row.sold_at as Date).getTime());
  // A sale of exactly the cooldown's age still blocks.
  const free = Math.max(...soldAt.map((at) => at + query.cooldownMs + 1));
  const reason =
    erased !== undefined
      ? "erased"
      : known.rules.has(phone)
        ? "suppressed"
        : pool.length === 0
          ? "not_in_pool"
          : !pool.some(({ path }) => known.candidates.has(path))
            ? "too_old"
            : free > query.at.getTime()
              ? "sold"
              : undefined;
  const occurrences = occurrencesOf([...pool, ...remembered], known);
  return {
    phone,
    occurrences,
    sales: sales.map((row) => saleOf(row, phone, traces)),
    suppressions: suppressions.map(({ phone: _, ...suppression }) => suppression),
    erased,
    isSellable: reason === undefined,
    reason,
    sellableFrom:
      erased !== undefined || pool.length === 0
        ? undefined
        : sellableFrom(free, suppressions, occurrences, query.at),
  };
}

/** Of what is in the pool: once it is there, the cooldown of its last sale is over, and what suppresses everybody has ended. */
function sellableFrom(
  free: number,
  suppressions: readonly Suppression[],
  occurrences: readonly Occurrence[],
  at: Date,
): Date | undefined {
  const blocking = suppressions.filter(
    ({ customer, until }) => customer === undefined && (until === undefined || until > at),
  );
  if (blocking.some(({ until }) => until === undefined)) return undefined;
  const imported = occurrences.flatMap(({ importedAt }) => importedAt?.getTime() ?? []);
  const ends = blocking.map(({ until }) => until?.getTime() ?? 0);
  return new Date(Math.max(Math.min(...imported), free, ...ends));
}

/** One for each import, day and provider; a list that the pool still has is told of once. */
function occurrencesOf(traces: readonly Trace[], { pool, lists }: Knowledge): Occurrence[] {
  const files = new Map(pool.map((row) => [String(row.path), row]));
  const found = new Map<string, Occurrence>();
  for (const { path, rows, provider, category } of traces) {
    const file = files.get(path);
    const importId = importOf(path);
    const list = lists.get(importId);
    const key = `${importId} ${provider}`;
    found.set(key, {
      date: String(file?.date ?? list?.date ?? /date=([^/]+)/.exec(path)?.[1]),
      importId,
      importedAt: (list?.imported_at as Date | undefined) ?? undefined,
      source: text(list?.source),
      category: category ?? found.get(key)?.category ?? text(list?.category),
      list: text(list?.list),
      provider,
      synthetic: file?.synthetic === true,
      rows: (found.get(key)?.rows ?? 0) + rows,
    });
  }
  return [...found.values()].sort((a, b) => (a.date < b.date ? 1 : -1));
}

function saleOf(row: Row, phone: bigint, { copies }: Traces): Sale {
  const orderId = text(row.order_id);
  const trace = copies.get(orderId ?? "")?.find((one) => one.phone === phone);
  return {
    orderId,
    customer: text(row.customer),
    state: text(row.state) as OrderState | undefined,
    soldAt: row.sold_at as Date,
    importId: trace && importOf(trace.path),
  };
}

/** The import that a pool file is of, by its name: the name outlives the file. */
function importOf(path: string): string {
  return /([^/]+)-\d+\.parquet$/.exec(path)?.[1] ?? path;
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
