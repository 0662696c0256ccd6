/** Finding all files of the home at one moment, and holding those that are to be copied. */
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { join, relative } from "node:path";
import { identityOf } from "../../backup/identity.ts";
import type { Counts, Identity } from "../../backup/manifest.ts";
import { readErasureKey } from "../../erasure-key.ts";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import type { AuditHead } from "../audit.ts";
import type { BackupVerbs, Held, HeldFile } from "../backup.ts";
import { type Log, readAuditHead } from "../catalog/audit.ts";
import { countErasures } from "../catalog/erasures.ts";
import type { Access } from "./access.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { generations, readEnd } from "./journal-files.ts";
import { ledgerCopyPath, settleLedgerCopies } from "./ledger-copies.ts";
import { notedSums } from "./pool-sums.ts";
import type { Session } from "./session.ts";

/** The journal is brought up to date at the end of each write; somebody else may write before the next one. */
const triesMost = 5;

export function backupVerbs(access: Access): BackupVerbs {
  const { home, log, write } = access;
  return {
    holdEverything: async (isChanged, since, at) => {
      for (let tries = 0; tries < triesMost; tries += 1) {
        // Finishes what a crash cut off, and ends with a journal that has all that the database has.
        await write(async (session) => {
          await settleLedgerCopies(session, home);
          await removeDoomedFiles(session, home);
          if ((await readAuditHead(session)) === undefined) await beginLog(session, log, at);
        });
        const held = await write(async (session) => {
          const head = await readAuditHead(session);
          if (readEnd(home)?.head?.hash !== head?.hash) return undefined;
          return hold(session, home, head, isChanged, since);
        });
        if (held) return held;
      }
      throw new UserError(
        exitCode.unexpected,
        `the journal in ${home.folder} is behind the database, which could not be made anew from such a backup; ` +
          "nothing was backed up",
      );
    },
    noteRestore: (backup, at) =>
      write(async (session) => {
        await session.transaction(() => {
          const details = {
            made_at: backup.madeAt.toISOString(),
            change: backup.head?.sequence ?? 0,
          };
          return log(session, { at, action: "home.restore", subject: "backup", details }, {});
        });
        return countHome(session);
      }),
  };
}

/** A home of before the audit log has no journal before its first entry. */
async function beginLog(session: Session, log: Log, at: Date): Promise<void> {
  const { counts } = await countHome(session);
  if (Object.values(counts).every((count) => count === 0)) return;
  const deed = { at, action: "home.begin", subject: "log", details: counts };
  await session.transaction(() => log(session, deed, "everything"));
}

async function hold(
  session: Session,
  home: Home,
  head: AuditHead | undefined,
  isChanged: (path: string, identity: Identity) => boolean,
  since: AuditHead | undefined,
): Promise<Held> {
  const folder = join(home.temporary, `held-${randomBytes(4).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const paths = [
      ...(await requirePool(session, home)),
      ...(await requireLedger(session, home)),
      ...filesBelow(home, "rejects"),
      ...filesBelow(home, "numbering"),
      ...generations(home)
        .slice(0, 1)
        .flatMap((generation) => filesBelow(home, relative(home.folder, generation))),
      ...["config.toml", "erasure.key"].filter((name) => existsSync(join(home.folder, name))),
    ];
    const sums = await notedSums(session);
    const files: HeldFile[] = [];
    for (const path of paths) {
      const identity = identityOf(join(home.folder, path));
      // Rejects of a list that turned out to be there already go without the lock.
      if (identity === undefined) continue;
      const aside = isChanged(path, identity)
        ? second(home, path, join(folder, `${files.length}`))
        : undefined;
      const from = aside ?? join(home.folder, path);
      files.push({ path, ...identity, from, isHeld: aside !== undefined, sum: sums.get(path) });
    }
    const [first] = await session.rows("find_first_entry");
    return {
      files,
      home: first && String(first.hash),
      head,
      isLater: since === undefined || (await hasEntry(session, since)),
      ...(await countHome(session)),
      release: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What the catalog names; what a crash left beside it is part of nothing. */
async function requirePool(session: Session, home: Home): Promise<string[]> {
  const rows = await session.rows("select_pool_files");
  return rows.map((row) => {
    const path = String(row.path);
    const bytes = statSync(join(home.folder, path), { throwIfNoEntry: false })?.size;
    if (bytes === undefined) throw broken(path, "is missing");
    if (bytes !== Number(row.bytes)) {
      throw broken(path, `has ${bytes} bytes, the catalog says ${row.bytes}`);
    }
    return path;
  });
}

/** Every file of the ledger: what was sold is known from them alone. */
async function requireLedger(session: Session, home: Home): Promise<string[]> {
  const paths = filesBelow(home, "ledger");
  const found = new Set(paths);
  for (const row of await session.rows("select_live_orders")) {
    const copy = ledgerCopyPath(home, String(row.order_id), row.reserved_at as Date);
    const path = relative(home.folder, copy);
    if (!found.has(path)) throw broken(path, "is missing");
  }
  if ((await countErasures(session)) > 0) readErasureKey(home);
  return paths;
}

function broken(path: string, what: string): UserError {
  return new UserError(
    exitCode.integrity,
    `${path} ${what}: a backup without it would take the place of one that may have it. Nothing was backed up; ` +
      "run numbers doctor",
  );
}

function filesBelow(home: Home, name: string): string[] {
  const folder = join(home.folder, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(home.folder, join(entry.parentPath, entry.name)));
}

/**
 * Another name for a file that is written once, a copy of one that is appended to. Undefined where neither can be: behind a
 * link, or on a file system without second names; such a file is read where it lies.
 */
function second(home: Home, path: string, name: string): string | undefined {
  const original = join(home.folder, path);
  try {
    if (lstatSync(original).isSymbolicLink()) return undefined;
    if (/\.(parquet|csv)$/.test(path) && !path.startsWith("numbering/")) linkSync(original, name);
    else copyFileSync(original, name);
    return name;
  } catch {
    return undefined;
  }
}

async function hasEntry(session: Session, { sequence, hash }: AuditHead): Promise<boolean> {
  return (await session.rows("find_audit_entry", { sequence, hash })).length > 0;
}

async function countHome(
  session: Session,
): Promise<{ counts: Counts; lastSale: Date | undefined }> {
  const [row] = await session.rows("count_home");
  const of = (name: string) => Number(row?.[name] ?? 0);
  return {
    counts: {
      imports: of("imports"),
      numbers: of("numbers"),
      orders: of("orders"),
      sales: of("sales"),
      suppressed: of("suppressed"),
    },
    lastSale: (row?.last_sale as Date | null) ?? undefined,
  };
}
