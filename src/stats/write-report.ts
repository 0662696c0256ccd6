/** The report's way out: counts more than `stats` does, makes the page and writes it. */
import { readFileSync } from "node:fs";
import type { Context } from "../context.ts";
import { shiftDay } from "../days.ts";
import type { Engine, Stats } from "../engine/engine.ts";
import type { Target } from "../orders/output.ts";
import { writeText } from "../orders/text-output.ts";
import { packaged } from "../root.ts";
import { dayOf, localTime, parseDuration, startOfDay } from "../time.ts";
import { version } from "../version.ts";
import { size } from "../words.ts";
import { partsOf } from "./parts.ts";
import { reportHtml } from "./report.ts";
import { recentDays } from "./section.ts";

/** Days that are told apart: as many as the ledger is usually kept. */
const daysMost = 400;
/** Customers, sources and reasons that are told apart. */
const namesMost = 20;

export async function writeReport(
  context: Context,
  engine: Engine,
  stats: Stats,
  target: Target,
  within: string,
): Promise<void> {
  const { settings, now, terminal } = context;
  const { timeZone } = settings;
  const today = dayOf(now, timeZone);
  const firstDay = shiftDay(today, 1 - daysMost);
  const startOf = (day: string) => startOfDay(day, timeZone, "the report");
  terminal.progress.begin("gathering the report");
  const report = await engine.readReport({
    timeZone,
    since: startOf(firstDay),
    recentSince: startOf(shiftDay(today, 1 - recentDays)),
    most: namesMost,
  });
  terminal.progress.stop();
  const parts = partsOf({
    ...{ stats, report, today, firstDay, within },
    window: parseDuration(within, "--within") / 86_400_000,
  });
  const page = { at: localTime(now, timeZone).slice(0, 16), timeZone, within, parts };
  const html = reportHtml({ ...page, version: version() }, readAssets());
  await writeText(html, target, context);
  const place = target.kind === "stdout" ? "stdout" : target.path;
  terminal.say(`report: ${size(Buffer.byteLength(html))} to ${place}`);
}

function readAssets() {
  const read = (name: string) => readFileSync(packaged(`dist/report/${name}`), "utf8");
  return { script: read("page.js"), style: read("page.css") };
}
