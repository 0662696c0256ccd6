/**
 * Imports: the rows of the finished files go to the server in blocks while nobody waits, and count for nothing until one
 * change registers them all.
 */
import { randomUUID } from "node:crypto";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { poolPath } from "../../pool/files.ts";
import { insertCategories } from "../catalog/categories.ts";
import { countErasures } from "../catalog/erasures.ts";
import {
  findPublished,
  importRecord,
  publicationDeed,
  readContents,
  spelled,
} from "../catalog/imports.ts";
import type { Content, Import, Publication, SummedFile } from "../engine.ts";
import type { Access } from "./access.ts";
import { isSentWhole, sendFile, writeBlocks } from "./pool-blocks.ts";
import type { Session } from "./session.ts";

export type ImportVerbs = {
  readContents(): Promise<readonly Content[]>;
  publishImport(record: Import, files: readonly SummedFile[]): Promise<Publication>;
};

export function importVerbs(access: Access): ImportVerbs {
  return {
    readContents: () => access.read(readContents),
    publishImport: (record, files) => publishImport(access, record, files),
  };
}

/** A staged file and the name that its rows have in the pool. */
type Named = { readonly file: SummedFile; readonly path: string };

/** How often the rows are sent when fewer or more of them arrive. */
const sendsMost = 3;

/**
 * An insert whose answer was lost is sent once more under the same token, and a server may cut the same file into other blocks
 * the second time, which it then does not know again (others saw it with ClickHouse 26.10). So the rows are counted before
 * they count for anything, and sent anew when they are too many.
 */
async function publishImport(
  access: Access,
  record: Import,
  files: readonly SummedFile[],
): Promise<Publication> {
  const named = files.map((file, n) => ({
    file,
    path: poolPath(record.date, file.provider, record.importId, n + 1),
  }));
  for (let sends = 1; ; sends += 1) {
    const before = await access.read(async (session) => {
      const known = await findPublished(session, record);
      if (!known) await send(session, access, record, named);
      return known;
    });
    if (before) return before;
    const registered = await access.write((session) => register(session, access, record, named));
    if ("status" in registered) return registered;
    if (sends < sendsMost) continue;
    throw new UserError(
      exitCode.integrity,
      `import ${record.importId}: ${registered.sent} numbers were sent to the pool, ${registered.arrived} arrived; nothing of it ` +
        "counts: ingest the file again",
    );
  }
}

/** The server makes the blocks of a file by one thread: a second one uses another. */
const sentAtOnce = 2;

/** Sends all rows. The tokens are of this try: what an earlier one sent, and was not registered, was taken away. */
async function send(
  session: Session,
  { home, aside }: Access,
  { date, columns }: Import,
  files: readonly Named[],
): Promise<void> {
  const attempt = randomUUID();
  const entries = files.map(({ file, path }) => ({
    path: file.path,
    poolPath: path,
    date,
    provider: file.provider,
    columns,
    firstRow: 0,
    rows: file.numbers,
    bytes: file.bytes,
  }));
  const whole = entries.filter(isSentWhole).sort((one, other) => other.rows - one.rows);
  const others = entries.filter((entry) => !isSentWhole(entry));
  let failure: { readonly error: unknown } | undefined;
  const sendWhole = async () => {
    for (let next = whole.shift(); next && !failure; next = whole.shift()) {
      await sendFile(session, next, `${next.poolPath} ${attempt}`);
      await failpoint("import.block-sent");
    }
  };
  const sendBlocks = () =>
    aside(async (fileSession) => {
      for await (const block of writeBlocks(fileSession, others, home.temporary)) {
        await session.send("insert_pool", block.path, `${block.token} ${attempt}`);
        await failpoint("import.block-sent");
        if (failure) break;
      }
    });
  const workers = [
    async () => {
      if (others.length > 0) await sendBlocks();
      await sendWhole();
    },
    ...Array.from({ length: sentAtOnce - 1 }, () => sendWhole),
  ];
  // All have ended when this ends; the first failure stops the others at their next file or block.
  await Promise.all(
    workers.map((work) =>
      work().catch((error: unknown) => {
        failure ??= { error };
      }),
    ),
  );
  if (failure) throw failure.error;
}

/** Resolves to what arrived in place of the numbers of a file that were sent, and takes all of them away, when they differ. */
async function register(
  session: Session,
  { log }: Access,
  record: Import,
  files: readonly Named[],
): Promise<Publication | { readonly sent: number; readonly arrived: number }> {
  const known = await findPublished(session, record);
  const isOutdated = (await countErasures(session)) !== record.erasedPersons;
  if (known || isOutdated) {
    if (known?.importId !== record.importId) await takeBack(session, record, files);
    return known ?? { status: "outdated", importId: record.importId };
  }
  const paths = files.map(({ path }) => path);
  const providers = files.map(({ file }) => file.provider);
  const which = { date: record.date, providers: [...new Set(providers)], paths };
  const arrived = new Map(
    (await session.rows("count_pool_rows", which)).map((row) => [String(row.path), row]),
  );
  for (const { file, path } of files) {
    const found = arrived.get(path);
    if (Number(found?.numbers) === file.numbers && Number(found?.rows) === file.numbers) continue;
    await takeBack(session, record, files);
    return { sent: file.numbers, arrived: Number(found?.numbers ?? 0) };
  }
  await session.transaction(async () => {
    const names = await spelled(session, record);
    await session.run("insert_import", importRecord(record, names));
    await insertCategories(session, record.importId, names.categories);
    if (files.length > 0) {
      await session.run("insert_pool_files", {
        import_id: record.importId,
        paths,
        providers,
        synthetic: files.map(({ file }) => BigInt(file.synthetic)),
        numbers: files.map(({ file }) => BigInt(file.numbers)),
        bytes: files.map(({ file }) => BigInt(file.bytes)),
        sums: files.map(({ file }) => file.sum),
        columns: record.columns,
        phone_column: record.phoneColumn,
      });
    }
    await log(session, publicationDeed(record, names), { import: [record.importId] });
  });
  return { status: "published", importId: record.importId };
}

/** Rows that nobody will register. */
async function takeBack(
  session: Session,
  { date }: Import,
  files: readonly Named[],
): Promise<void> {
  if (files.length === 0) return;
  await session.run("delete_pool_rows", { date, paths: files.map(({ path }) => path) });
}
