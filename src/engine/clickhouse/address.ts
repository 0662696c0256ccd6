/** Where the server is, as it is written in `--clickhouse-url`. Pure. */
import { resolve } from "node:path";
import { usageError } from "../../errors.ts";

/** A server, or a folder that ClickHouse itself opens inside this process. */
export type Address =
  | {
      readonly kind: "server";
      /** Without user, password and database: safe to show. */
      readonly url: string;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    }
  | { readonly kind: "folder"; readonly path: string; readonly database: string };

const form = "write http(s)://user:password@host:8123/database, or chdb:FOLDER";

/**
 * `where` says who told it, for messages: the value itself may hold a password, and is never in one. A password that is
 * given apart (`NUMBERS_CLICKHOUSE_PASSWORD`) stands for the one in the address.
 */
export function parseAddress(value: string, where: string, password: string | undefined): Address {
  if (value.startsWith("chdb:")) {
    const path = value.slice("chdb:".length);
    if (path === "") throw usageError(`${where}: chdb: names no folder; ${form}`);
    return { kind: "folder", path: resolve(path), database: "numbers" };
  }
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw usageError(`${where}: this is no address of a server; ${form}`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw usageError(`${where}: "${url.protocol}" is no protocol of ours; ${form}`);
  }
  // What looks like the rest of an address may be the rest of a password with a slash in it.
  if (url.pathname.includes("@") || url.search !== "" || url.hash !== "") {
    throw usageError(
      `${where}: nothing may stand behind the database; ${form}, and in a password %2F for /, %40 for @, %3F for ?, %23 for #`,
    );
  }
  const database = url.pathname.replaceAll(/^\/|\/$/g, "") || "numbers";
  if (!/^[A-Za-z_]\w*$/.test(database)) {
    throw usageError(
      `${where}: "${database}" is no name of a database; write letters, digits and underscores`,
    );
  }
  return {
    kind: "server",
    url: `${url.protocol}//${url.host}`,
    user: decoded(url.username, where) || "default",
    password: password ?? decoded(url.password, where),
    database,
  };
}

function decoded(part: string, where: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw usageError(
      `${where}: a % in the name or the password begins no such code as %2F; write %25 for a % itself`,
    );
  }
}

/** The same as it may be shown to anybody. */
export function wordsOf(address: Address): string {
  return address.kind === "server" ? `${address.url}/${address.database}` : `chdb:${address.path}`;
}
