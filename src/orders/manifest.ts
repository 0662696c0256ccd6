/** The manifest: a JSON file beside a delivery that says what it is, for whoever has to answer for it later. */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Order } from "../engine/engine.ts";
import { writeWhole } from "../whole-file.ts";
import type { Delivered } from "./delivery.ts";

/** What an order asked for, as scripts see it. */
export function criteriaJson({ within, cooldown, selected, layout, synthetic }: Order) {
  return {
    within,
    cooldown,
    synthetic,
    category: selected.category ?? null,
    prefixes: selected.prefixes,
    filters: selected.filters,
    pick: selected.pick,
    seed: selected.seed ?? null,
    max_sales: selected.maxSales ?? null,
    format: layout.format,
    phone_format: layout.phoneFormat,
    columns: layout.columns,
    split: layout.split ?? null,
    safe_cells: layout.safeCells ?? false,
  };
}

/** The manifest's document. `suppressedAt` is when the suppression was last added to; its age is as of `now`. */
export function manifestOf(
  { order, parts, output, bytes, sha256 }: Delivered,
  suppressedAt: Date | undefined,
  now: Date,
) {
  const whole = { path: output, numbers: order.numbers, bytes, sha256 };
  return {
    order_id: order.orderId,
    state: order.state,
    provider: order.providers.join(","),
    customer: order.customer ?? null,
    requested: order.requested,
    numbers: order.numbers,
    withdrawn: order.withdrawn,
    criteria: criteriaJson(order),
    excluded: order.excluded,
    reserved_at: order.reservedAt.toISOString(),
    delivered_at: order.deliveredAt?.toISOString() ?? null,
    bytes,
    sha256,
    files: (parts ?? [whole]).map((part) => ({ ...part, path: basename(part.path) })),
    suppression: {
      newest: suppressedAt?.toISOString() ?? null,
      age_seconds: suppressedAt
        ? Math.round((now.getTime() - suppressedAt.getTime()) / 1000)
        : null,
    },
  };
}

/** Writes a manifest beside the delivery; resolves to its path. */
export async function writeManifest(
  output: string,
  document: unknown,
  fileMode: number,
): Promise<string> {
  const path = `${output.replaceAll(/-?\{n\}/g, "")}.manifest.json`;
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  await writeWhole([path], fileMode, (part) => writeFileSync(part, text, { mode: 0o600 }));
  return path;
}
