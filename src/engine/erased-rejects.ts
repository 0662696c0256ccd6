/** Emptying the records of erased persons in rejects files: beside them, under a new name. Both engines have such files. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../failpoints.ts";
import { filesIn, type Home, syncPath } from "../home.ts";
import { emptyRejects, findInRejects } from "../intake/rejects-file.ts";

export type Person = { readonly erasureId: string; readonly phone: bigint };

/** A rejects file that was written anew. */
export type CleanedRejects = {
  readonly path: string;
  readonly fresh: string;
  /** What the file was when it was read. */
  readonly identity: string;
  readonly byErasure: ReadonlyMap<string, number>;
};

/** Writes every rejects file that holds one of the persons anew, below `folder`. */
export async function cleanRejects(
  home: Home,
  persons: readonly Person[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<CleanedRejects[]> {
  const idOf = new Map(
    persons.map(({ erasureId, phone }) => [String(phone).slice(2), erasureId] as const),
  );
  const choose = async (nationals: readonly string[]) =>
    nationals.filter((national) => idOf.has(national));
  const cleaned: CleanedRejects[] = [];
  for (const path of filesIn(home.rejects)) {
    const identity = identityOf(path);
    if (identity === undefined) continue;
    const fresh = join(folder, `rejects-${cleaned.length}.csv`);
    let found: Awaited<ReturnType<typeof findInRejects>>;
    try {
      found = await findInRejects(path, choose, signal);
      if (found.size === 0) continue;
      await emptyRejects(path, fresh, new Set(found.keys()), "erased", signal);
    } catch (error) {
      // Pruned meanwhile: it holds nobody any more.
      if (identityOf(path) === undefined) continue;
      throw error;
    }
    syncPath(fresh);
    await failpoint("erasure.rejects-written");
    const byErasure = new Map([...found].map(([national, n]) => [idOf.get(national) ?? "", n]));
    cleaned.push({ path, fresh, identity, byErasure });
  }
  return cleaned;
}

/** Changes with whatever is written to a file; undefined when there is none. */
export function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat?.isFile() ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : undefined;
}
