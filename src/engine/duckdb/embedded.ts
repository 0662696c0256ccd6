/** Whether anything was ever put into the home's own database. */
import { existsSync, readdirSync } from "node:fs";
import { counted } from "../../words.ts";
import { type CatalogOptions, withCatalog } from "./catalog.ts";

/** What it holds, in words; undefined when there is nothing that could be sold, or must not be. */
export async function wordsOfEmbedded(options: CatalogOptions): Promise<string | undefined> {
  const { database, pool, ledger } = options.home;
  if (!existsSync(database)) {
    const lost = [pool, ledger].find((path) => readdirSync(path).length > 0);
    return lost && `files in ${lost}`;
  }
  const [held] = await withCatalog(options, "read", (session) => session.rows("count_home"));
  const words = ["import", "order", "sale"]
    .map((noun) => [Number(held?.[`${noun}s`]), noun] as const)
    .filter(([number]) => number > 0)
    .map(([number, noun]) => counted(number, noun));
  const suppressed = Number(held?.suppressed);
  if (suppressed > 0) words.push(`${counted(suppressed, "number")} suppressed`);
  return words.length > 0 ? words.join(", ") : undefined;
}
