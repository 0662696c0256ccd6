/** Who was erased, as the catalog tells by their digests. */
import { readErasureKey } from "../../erasure-key.ts";
import type { Home } from "../../home.ts";
import type { Row, Session } from "../session.ts";

/** What is known of those of some phones that belong to erased persons. */
export async function selectErasures(
  session: Session,
  home: Home,
  phones: readonly bigint[],
): Promise<Row[]> {
  if (phones.length === 0 || (await countErasures(session)) === 0) return [];
  return session.rows("find_erasures", { phones, key: readErasureKey(home) });
}

export async function findErased(
  session: Session,
  home: Home,
  phones: readonly bigint[],
): Promise<bigint[]> {
  return (await selectErasures(session, home, phones)).map((row) => row.phone as bigint);
}

export async function countErasures(session: Session): Promise<number> {
  const [row] = await session.rows("count_erasures");
  return Number(row?.persons);
}

/** The key by which erased persons are recognised; null where nobody was erased, so that nothing has to be hashed. */
export async function erasureKeyIn(session: Session, home: Home): Promise<string | null> {
  return (await countErasures(session)) > 0 ? readErasureKey(home) : null;
}
