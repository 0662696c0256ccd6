/** `numbers search`: numbers and imports by a part of what they are called. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Found } from "../engine/search.ts";
import { usageError } from "../errors.ts";
import { parseCount } from "../orders/criteria.ts";
import { phonePartOf } from "../pool/search.ts";
import { count, counted } from "../words.ts";
import { tellIfEmpty } from "./empty.ts";
import type { Run } from "./run.ts";

type SearchFlags = { readonly limit: string; readonly page: string };

/** A page is held in memory, and shown to a person. */
const limitMost = 1_000;

export function addSearch(program: Command, run: Run): Command {
  return program
    .command("search")
    .description(
      "Find numbers of the pool by a part of the number, and imports by a part of their category, source, file name or id.",
    )
    .argument("<pattern>", "the part; % and _ are ordinary characters")
    .optionsGroup("How much is shown:")
    .option("--limit <n>", "how many numbers and how many imports at most, 1 to 1000", "20")
    .option("--page <n>", "which page of them", "1")
    .action(run<SearchFlags>("search", search));
}

async function search(context: Context, [pattern = ""]: readonly string[], flags: SearchFlags) {
  const text = pattern.trim();
  if (text === "") throw usageError("search: the pattern is empty; write a part of what to find");
  const limit = parseCount(flags.limit, "--limit");
  if (limit > limitMost) {
    throw usageError(
      `--limit: "${flags.limit}" is too many for a page; write 1 to ${limitMost} and turn pages with --page`,
    );
  }
  const page = parseCount(flags.page, "--page");
  const engine = await context.engine();
  const { progress } = context.terminal;
  progress.begin("searching");
  const found = await engine.search({ text, phone: phonePartOf(text), limit, page });
  progress.stop();
  if (context.isJson) context.print(foundJson(pattern, limit, page, found));
  else print(context, found);
  const isNothing = found.numbersTotal === 0 && found.importsTotal === 0;
  if (isNothing && (await tellIfEmpty(context, engine))) return undefined;
  tellPages(context, found, limit, page);
  return undefined;
}

function foundJson(pattern: string, limit: number, page: number, found: Found) {
  return {
    pattern,
    page,
    limit,
    numbers: found.numbers.map(({ phone, provider, date, importId, category, source }) => ({
      phone: String(phone),
      provider,
      date,
      import_id: importId,
      category: category ?? null,
      source: source ?? null,
    })),
    numbers_total: found.numbersTotal,
    imports: found.imports.map(({ importId, date, path, source, category, numbers }) => ({
      import_id: importId,
      date,
      path,
      source: source ?? null,
      category: category ?? null,
      numbers,
    })),
    imports_total: found.importsTotal,
  };
}

function print(context: Context, { numbers, imports }: Found): void {
  const tables: string[] = [];
  if (numbers.length > 0) {
    const rows = numbers.map(({ phone, provider, date, importId, category, source }) => [
      String(phone),
      provider,
      date,
      importId,
      category ?? "",
      source ?? "",
    ]);
    tables.push(context.table(["phone", "provider", "day", "import", "category", "source"], rows));
  }
  if (imports.length > 0) {
    const rows = imports.map(({ importId, date, path, source, category, numbers }) => [
      importId,
      date,
      count(numbers),
      category ?? "",
      source ?? "",
      path,
    ]);
    tables.push(context.table(["import", "day", "numbers", "category", "source", "file"], rows));
  }
  if (tables.length > 0) context.stdout.write(`${tables.join("\n\n")}\n`);
}

/** The pattern is not repeated: it may be somebody's phone, and what stands on stderr ends in logs. */
function tellPages({ terminal }: Context, found: Found, limit: number, page: number): void {
  const { numbersTotal, importsTotal } = found;
  if (numbersTotal === 0 && importsTotal === 0) {
    terminal.say("nothing found: no number has these digits, and no import this text");
    return;
  }
  const pages = Math.ceil(Math.max(numbersTotal, importsTotal) / limit);
  const totals = `${counted(numbersTotal, "number")} and ${counted(importsTotal, "import")}`;
  if (page > pages) terminal.say(`${totals}: page ${count(pages)} is the last`);
  else if (pages === 1) terminal.say(totals);
  else if (page === pages) terminal.say(`${totals}: page ${count(page)} of ${count(pages)}`);
  else
    terminal.say(
      `${totals}: page ${count(page)} of ${count(pages)}; --page ${page + 1} is the next`,
    );
}
