/**
 * Lists on their way into the catalog: read by DuckDB, sent into the table `listed`, and there compared with what is known
 * already. What is new is put under an id of its own before the change, which then says nothing but: take those.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Addition } from "../blacklist.ts";
import type { Parameters } from "../session.ts";
import type { Access } from "./access.ts";
import type { Session } from "./session.ts";

/** Ids under which a list's rows stand in `listed`: all of them, and those that are new. */
export type ListIds = { readonly list_id: string; readonly fresh_id: string };

/** The statement that sends a file, which is named after what is in it. */
export type Sending =
  | "send_listed_phones"
  | "send_listed_returns"
  | "send_listed_digests"
  | "send_listed_sales";

/** Files whose rows bear the id of their list. */
export type NamedList = { readonly ids: ListIds; readonly paths: readonly string[] };

/** Ids that nobody else has. */
export function newListIds(): ListIds {
  const id = randomBytes(12).toString("hex");
  return { list_id: id, fresh_id: `${id}-fresh` };
}

/** Writes beside each of some files the same one with the id of a new list in it. Needs no lock. */
export async function nameList(
  { aside }: Access,
  files: readonly { readonly path: string }[],
  folder: string,
): Promise<NamedList> {
  const ids = newListIds();
  const paths = files.map((_, index) => join(folder, `named-${index}.parquet`));
  if (files.length > 0) {
    await aside(async (session) => {
      for (const [index, { path }] of files.entries()) {
        const target = paths[index] as string;
        await session.run("name_listed", { source: path, list_id: ids.list_id, target });
      }
    });
  }
  return { ids, paths };
}

/** Sends the files of a list; what others left, who were cut off, is removed on the way. Call it under the lock. */
export async function sendList(
  session: Session,
  { ids, paths }: NamedList,
  sending: Sending,
): Promise<void> {
  await removeForgotten(session);
  for (const [index, path] of paths.entries()) {
    await session.send(sending, path, `${ids.list_id}-${index}`);
  }
}

/** Puts a few phones where the phones of a list would be. Call it under the lock. */
export async function putPhones(
  session: Session,
  { list_id }: ListIds,
  phones: readonly string[],
): Promise<void> {
  await removeForgotten(session);
  await session.run("insert_listed", { list_id, phones: phones.map((phone) => BigInt(phone)) });
}

/** Finds what is new of a list; resolves to how many of `listed` are. */
export async function siftList(
  session: Session,
  { list_id, fresh_id }: ListIds,
  statement: "sift_phones" | "sift_digests" | "sift_sales",
  parameters: Parameters,
  listed: number,
): Promise<Addition> {
  await session.run(statement, { list_id, fresh_id, ...parameters });
  const added = await countList(session, fresh_id);
  return { added, known: listed - added };
}

export async function countList(session: Session, list_id: string): Promise<number> {
  const [row] = await session.rows("count_listed", { list_id });
  return Number(row?.numbers);
}

/**
 * Removes a list that is done with: as the last of the change that took it, because a change that was cut off needs it
 * still. A second time there is nothing left to take, and everything is taken.
 */
export async function dropList(session: Session, { list_id, fresh_id }: ListIds): Promise<void> {
  for (const id of [list_id, fresh_id]) await session.run("drop_listed", { list_id: id });
}

/** Those of a day ago: changes that need them were made, since we have the lock, and whoever had it then lost it long ago. */
async function removeForgotten(session: Session): Promise<void> {
  for (const { list_id } of await session.rows("select_forgotten_lists")) {
    await session.run("drop_listed", { list_id: String(list_id) });
  }
}
