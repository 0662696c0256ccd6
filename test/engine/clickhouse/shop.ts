/** A home with a bit of everything in it, made by the DuckDB engine: what both engines are asked about. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Criteria, Engine, Import, OrderRequest } from "../../../src/engine/engine.ts";
import { anyNumber } from "../../../src/orders/criteria.ts";
import type { Twins } from "./twins.ts";

const hour = 3_600_000;
export const now = new Date("2026-11-20T02:00:00.123Z");
export const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * hour);

export const minutesLater = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

/** An import of 100 rows, or of `overrides`. */
export function importOf(importId: string, overrides: Partial<Import> = {}): Import {
  return {
    importId,
    contentHash: `hash of ${importId}`,
    contentBytes: 1,
    fileBytes: 1,
    path: `/lists/${importId}.csv`,
    source: undefined,
    category: undefined,
    categoryColumn: undefined,
    categories: [],
    date: "2026-11-20",
    importedAt: hoursAgo(1),
    recordedAt: now,
    lines: 100,
    accepted: 100,
    rejected: 0,
    numbers: 100,
    mismatched: 0,
    reasons: {},
    columns: ["phone", "Kind of it"],
    phoneColumn: "phone",
    forced: false,
    erasedPersons: 0,
    ...overrides,
  };
}

const criteria: Criteria = {
  providers: ["tsel", "isat"],
  synthetic: false,
  importedSince: hoursAgo(72),
  soldSince: hoursAgo(720),
  customer: undefined,
  neverTwice: false,
  ...anyNumber,
  day: "2026-11-20",
};

export function requestOf(
  orderId: string,
  count: number,
  overrides: Partial<OrderRequest> = {},
): OrderRequest {
  return {
    orderId,
    key: undefined,
    count,
    allowPartial: false,
    criteria,
    layout: { format: "csv", phoneFormat: "digits", columns: "all" },
    within: "72h",
    cooldown: "720h",
    at: now,
    ...overrides,
  };
}

/** Numbers from here on, in lists that overlap. */
export const firstPhone = 6281200000001;

/** Makes what a shop has after a while, by the DuckDB engine alone. */
export async function openShop(twins: Twins): Promise<void> {
  const { duckdb, parquet } = twins;
  const list = async (id: string, first: number, overrides: Partial<Import>, synthetic = false) => {
    const file = (part: number, provider: string) =>
      parquet(
        `${id}-${part}.parquet`,
        `select ${first} + ${part} * 50 + range % 40 as phone,
           {'phone': '+' || (${first} + ${part} * 50 + range % 40), 'Kind of it': [null, ' ', chr(160) || 'Rent ', 'rent', 'Cars'][range % 5 + 1]} as raw_data
         from range(50)`,
        50,
        provider,
      ).then((staged) => ({ ...staged, synthetic }));
    const files = [await file(0, "tsel"), await file(1, "isat")];
    await duckdb.publishImport(importOf(id, overrides), files);
  };
  const terms = { basis: undefined, contact: undefined };
  await duckdb.addSource("Über", { ...terms, expires: "2026-11-19" }, now);
  await list("ended", firstPhone, { source: "ÜBER", category: "Loans" });
  await list("old", firstPhone + 20, { importedAt: hoursAgo(80), date: "2026-11-16" });
  const categories = [
    { category: "Rent", numbers: 40 },
    { category: "Cars", numbers: 60 },
    { category: "Carsharing", numbers: 60 },
  ];
  const column = { category: "Other", categoryColumn: "Kind of it", source: "50%_off" };
  await list("columns", firstPhone + 10, { ...column, categories, importedAt: hoursAgo(5) });
  await list("made_up", firstPhone + 60, { importedAt: hoursAgo(4) }, true);
  await list("newest", firstPhone + 200, { importedAt: hoursAgo(2), path: "/a/B'%_x.csv" });
  await list("again", firstPhone + 200, { importedAt: hoursAgo(2), path: "/lists/Über.csv" });

  await takeOrders(twins);
  await suppressSome(duckdb, twins);
}

async function takeOrders({ duckdb, home, parquet }: Twins): Promise<void> {
  const terms = { dailyCap: undefined, monthlyCap: undefined, neverTwice: false };
  const acme = { ...terms, name: "Acme", price: "1234.56", suspended: false, addedAt: now };
  await duckdb.addCustomer(acme);
  const forAcme = { criteria: { ...criteria, customer: "acme" } };
  await fill(duckdb, requestOf("delivered", 60, forAcme));
  await duckdb.markDelivered("delivered", deliveryAt(hoursAgo(1)));
  await fill(duckdb, requestOf("free", 20));
  await duckdb.cancelOrder("free", false, now);
  await fill(duckdb, requestOf("kept", 15));
  await duckdb.markDelivered("kept", deliveryAt(now));
  await duckdb.cancelOrder("kept", true, now);
  await fill(duckdb, requestOf("reserved", 10, { at: hoursAgo(-1) }));
  const lane = "lane=real-tsel";
  mkdirSync(join(home.temporary, lane), { recursive: true });
  const history = await parquet(
    join(lane, "history.parquet"),
    `select ${firstPhone} + range * 7 as phone, {'sold': '2026-10-2' || range % 9} as raw_data from range(30)`,
    30,
  );
  await duckdb.importHistory(
    {
      importId: "h",
      at: now,
      files: [history],
      lines: 30,
      accepted: 30,
      rejected: 0,
      dryRun: false,
    },
    { column: "sold", fallback: undefined, timeZone: "Asia/Jakarta", now },
  );
}

export function deliveryAt(at: Date) {
  return { output: "o.csv", bytes: 5, sha256: "x", parts: undefined, at };
}

async function fill(engine: Engine, request: OrderRequest): Promise<void> {
  const { outcome } = await engine.fillOrder(request);
  if (outcome !== "filled") throw new Error(`${request.orderId}: ${outcome}`);
}

async function suppressSome(duckdb: Engine, { parquet }: Twins): Promise<void> {
  const some = (from: number) =>
    Array.from({ length: 5 }, (_, index) => String(firstPhone + from + index));
  await duckdb.addSuppressed(some(12), { kind: "dnc", customer: undefined }, "asked", hoursAgo(3));
  await duckdb.addSuppressed(some(14), { kind: "invalid", customer: undefined }, "dead", now);
  await duckdb.addSuppressed(some(15), { kind: "customer", customer: "Acme" }, "own", now);
  for (const [algorithm, form, text] of [
    ["md5", "national", (phone: string) => `0${phone.slice(2)}`],
    ["sha256", "e164", (phone: string) => `+${phone}`],
  ] as const) {
    const hexes = some(18).map((phone) => createHash(algorithm).update(text(phone)).digest("hex"));
    const list = await parquet(
      `${algorithm}.parquet`,
      `select md5_number_lower(hex) as high, md5_number_upper(hex) as low
       from (select unnest(['${hexes.join("', '")}']) as hex)`,
      5,
    );
    const customer = algorithm === "md5" ? undefined : "Acme";
    await duckdb.importDigests(
      {
        importId: algorithm,
        at: now,
        files: [list],
        lines: 5,
        accepted: 5,
        rejected: 0,
        dryRun: false,
      },
      { kind: customer === undefined ? "dnc" : "customer", customer },
      { algorithm, form },
      "hashed",
    );
  }
  await duckdb.erase({ phones: [BigInt(firstPhone + 25)], reason: "asked", at: now });
}
