/**
 * The key of the digests by which erased persons are recognised is a file in the home; the digests are in the database. Homes
 * that share a database must have the same key: with another one, none of those persons would be recognised, and all be sold.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { makeErasureKey, readErasureKey } from "../../erasure-key.ts";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { countErasures } from "../catalog/erasures.ts";
import type { Session } from "../session.ts";

/** Throws `integrity` when persons were erased with a key that this home does not have. */
export async function requireErasureKey(session: Session, home: Home): Promise<void> {
  const noted = await notedSum(session);
  if (noted === undefined || sumOf(home) === noted) return;
  throw new UserError(
    exitCode.integrity,
    `persons were erased from this database with a key that this home does not have: without it they would be sold again; ` +
      `put the erasure.key of the home that erased them at ${join(home.folder, "erasure.key")}`,
  );
}

/** The key for an erasure: the first one in the database makes it. */
export async function keyForErasure(session: Session, home: Home): Promise<string> {
  const isFirst = (await notedSum(session)) === undefined && (await countErasures(session)) === 0;
  return isFirst ? makeErasureKey(home) : readErasureKey(home);
}

/** Notes which key it was; inside the change that records an erasure. */
export async function noteErasureKey(session: Session, key: string): Promise<void> {
  await session.run("note_erasure_key", { sum: sha256(key) });
}

async function notedSum(session: Session): Promise<string | undefined> {
  const [row] = await session.rows("read_erasure_key");
  return row && String(row.sum);
}

function sumOf(home: Home): string | undefined {
  try {
    return sha256(readErasureKey(home));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function sha256(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
