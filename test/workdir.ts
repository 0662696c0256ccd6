/**
 * A fresh folder and a fresh home per test, and the real binary run in them. After a command that changes something,
 * `checkPromises` looks at the home from outside: with SQL of its own, not with the program's.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished } from "vitest";

export const binary = resolve(import.meta.dirname, "../bin/numbers.js");
/** The instant of every test that does not name its own: a Friday morning in Jakarta. */
export const morning = "2026-11-20T09:00:00+07:00";

export type Outcome = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  readonly now?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
};

export type Workdir = {
  readonly folder: string;
  readonly home: string;
  path(name: string): string;
  write(name: string, content: string | Buffer): string;
  /** Runs the binary; never throws for an exit code. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs it and expects exit 0; the message of a failure shows all it said. */
  ok(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs it with --json, expects exit 0 and parses stdout. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of a document
  json(args: readonly string[], options?: RunOptions): Promise<any>;
  /** Rows of a query on the home's database, opened as any DuckDB shell would. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Every promise that can be seen from outside; run after each change of state. */
  checkPromises(): Promise<void>;
};

/** `removes` registers the removal of the folder: with the test it is made in, unless another hook is given. */
export function createWorkdir(
  removes: (remove: () => void) => void = (remove) => onTestFinished(remove),
): Workdir {
  const folder = mkdtempSync(join(tmpdir(), "numbers-test-"));
  removes(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const run = (args: readonly string[], options: RunOptions = {}) =>
    spawnNumbers(args, home, folder, options);
  const ok = async (args: readonly string[], options: RunOptions = {}) => {
    const outcome = await run(args, options);
    if (outcome.code !== 0) throw new Error(describe(args, outcome));
    return outcome;
  };
  const query = (sql: string) => queryHome(home, sql);
  return {
    folder,
    home,
    path: (name) => join(folder, name),
    write: (name, content) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    run,
    ok,
    json: async (args, options) => JSON.parse((await ok([...args, "--json"], options)).stdout),
    query,
    checkPromises: () => checkPromises(home, query, run),
  };
}

function describe(args: readonly string[], { code, stdout, stderr }: Outcome): string {
  return `numbers ${args.join(" ")} exited ${code}\nstdout: ${stdout.slice(0, 2000)}\nstderr: ${stderr}`;
}

/** The environment of the test runner without what would steer the program. */
export function cleanEnvironment(
  home: string,
  options: RunOptions = {},
): Record<string, string | undefined> {
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !key.startsWith("NUMBERS_")),
    ),
    NUMBERS_HOME: home,
    NUMBERS_NOW: options.now ?? morning,
    ...options.env,
  };
}

export function spawnNumbers(
  args: readonly string[],
  home: string,
  cwd: string,
  options: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd,
    env: cleanEnvironment(home, options),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => undefined); // it may not read its input
  child.stdin.end(options.input ?? "");
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) =>
      done({
        code,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
  });
}

async function queryHome(home: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(join(home, "numbers.duckdb"), {
    access_mode: "READ_ONLY",
  });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function checkPromises(
  home: string,
  query: Workdir["query"],
  run: Workdir["run"],
): Promise<void> {
  // First, because it finishes what a crash cut off.
  const doctor = await run(["doctor"]);
  expect(doctor.stderr).toContain("all promises hold");
  expect(doctor.code).toBe(0);
  // 1: no phone in two sales within 30 days of each other (tests that use another cooldown look for themselves).
  expect(
    await query(`
      select a.phone
      from sales_history a
      join sales_history b on b.phone = a.phone and b.order_id > a.order_id
      where abs(epoch(a.sold_at) - epoch(b.sold_at)) <= 30 * 86400
      limit 3`),
  ).toEqual([]);
  // 3: an order's ledger rows are as many as it says, all distinct.
  expect(
    await query(`
      select o.order_id, o.numbers, count(l.phone) as ledger, count(distinct l.phone) as phones
      from orders o
      left join ledger l on l.order_id = o.order_id
      where o.state <> 'cancelled' and o.pruned_at is null
      group by all
      having o.numbers <> ledger or ledger <> phones`),
  ).toEqual([]);
  // 4: lines add up, and the pool holds exactly the accepted numbers.
  expect(
    await query(`
      select i.import_id
      from imports i
      left join (select import_id, count(*) as n from raw_numbers group by import_id) r on r.import_id = i.import_id
      where i.lines <> i.accepted + i.rejected or i.numbers <> coalesce(r.n, 0) + coalesce(i.pruned, 0)`),
  ).toEqual([]);
  // 6: the same content is there once.
  expect(
    await query("select content_hash from imports where not forced group by 1 having count(*) > 1"),
  ).toEqual([]);
  // 8: every live order has its copy beside the database.
  const orders = await query(
    "select order_id from orders where state <> 'cancelled' and pruned_at is null",
  );
  const copies = existsSync(join(home, "ledger")) ? filesBelow(join(home, "ledger")) : [];
  for (const { order_id } of orders) {
    expect(copies.filter((path) => path.endsWith(`${order_id}.parquet`))).toHaveLength(1);
  }
  expect(copies.filter((path) => path.endsWith(".pending"))).toEqual([]);
  // Nothing is left behind, not even of those who were killed: the next process sweeps up after them.
  expect(readdirSync(join(home, "tmp"))).toEqual([]);
}

/** Resolves some time after a process has begun to work in a home: a signal before that ends Node itself. */
export async function untilWorking(home: string): Promise<void> {
  const temporary = join(home, "tmp");
  while (!existsSync(temporary) || readdirSync(temporary).length === 0) await sleep(20);
  await sleep(500);
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/**
 * A list with a header: `count` numbers of a prefix, in order, in the form 0812 0000 0001. Patterned, and from a
 * range that begins with zeros: Indonesia reserves none for fiction.
 */
export function list(
  prefix: string,
  count: number,
  options: { readonly from?: number; readonly name?: string } = {},
): string {
  const { from = 1, name = "Budi" } = options;
  const rows = Array.from(
    { length: count },
    (_, index) =>
      `0${prefix}${String(from + index).padStart(8, "0")},${name} ${from + index},Bandung`,
  );
  return `phone,name,city\n${rows.join("\n")}\n`;
}

/** The phone column of a CSV delivery. */
export function phonesOf(csv: string): string[] {
  return csv
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[0] ?? "");
}
