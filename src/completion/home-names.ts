/**
 * Names that a home has: providers from the tables, the rest from its catalog. For the Tab key, where an answer that is
 * late or wrong in itself is worth less than none: whatever fails is no names, without a word.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { shareOf, thisMachine } from "../machine.ts";
import { readSettings, type Settings } from "../settings.ts";
import { printable } from "../text.ts";
import { count } from "../words.ts";
import type { Candidate, FindNames } from "./complete.ts";

/** Somebody holds a key down and waits; an ingest or an order has the lock for milliseconds at a time. */
const patienceMs = 250;

export const findNames: FindNames = async (kind, typed, home) => {
  try {
    const flags = home === undefined ? {} : { home: home.replace(/^~(?=\/|$)/, homedir()) };
    const settings = readSettings(flags, process.env);
    const names =
      kind === "provider"
        ? await namesOfProviders(settings, typed)
        : await namesInCatalog(settings, kind, typed);
    // What cannot be typed, or would steer the terminal, stays away; what is said about a name is made harmless.
    return names
      .filter(({ value }) => printable(value) === value)
      .map(({ value, description }) => ({ value, description: printable(description) }));
  } catch {
    return [];
  }
};

/** The codes; the words that people have for them once one is begun, as there are many. */
async function namesOfProviders(settings: Settings, typed: string): Promise<Candidate[]> {
  const { loadProviders } = await import("../intake/providers.ts");
  const providers = loadProviders(settings);
  const words = [...providers.words()].filter(
    ({ word, codes }) => typed !== "" || codes[0] === word,
  );
  return words.map(({ word, codes }) => {
    const isCode = codes.length === 1 && codes[0] === word;
    return { value: word, description: isCode ? "" : codes.join(",") };
  });
}

async function namesInCatalog(
  settings: Settings,
  kind: "order" | "customer" | "source" | "category",
  typed: string,
): Promise<Candidate[]> {
  const database = join(settings.home, "numbers.duckdb");
  if (!existsSync(database)) return [];
  const { glance } = await import("../engine/duckdb/glance.ts");
  const resources = {
    ...shareOf(thisMachine(), settings),
    threads: 1,
    temporary: settings.home,
    signal: undefined,
  };
  const rows = await glance(database, kind, typed, resources, patienceMs);
  return rows.map((row) => ({ value: row.value, description: describe(kind, row) }));
}

/** What is worth knowing of a name before it is chosen. */
function describe(kind: string, row: Readonly<Record<string, unknown>>): string {
  if (kind === "order") {
    const providers = (row.providers as string[]).join(",");
    const whose = row.customer === null ? "" : `, ${row.customer}`;
    return `${row.state}, ${count(Number(row.numbers))} ${providers}${whose}`;
  }
  if (kind === "customer") return row.suspended ? "suspended" : "";
  if (kind === "source") return row.expires ? `until ${row.expires}` : "";
  return `${count(Number(row.numbers))} numbers`;
}
