/** `numbers config`: what every setting is, and who said so. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { untold } from "../help/settings.ts";
import { loadProviders } from "../intake/providers.ts";
import { shareOf, thisMachine } from "../machine.ts";
import { defaults, type Key, keys, shown } from "../settings.ts";
import type { Run } from "./run.ts";

export function addConfig(program: Command, run: Run): Command {
  return program
    .command("config")
    .description(
      "Show every setting and where it comes from: a flag, a variable, config.toml in the home, or the default.",
    )
    .action(run("config", showConfig));
}

async function showConfig(context: Context) {
  const { settings } = context;
  const { own } = loadProviders(settings);
  const machine = thisMachine();
  const { threads, memory } = shareOf(machine, settings);
  const otherwise: Readonly<Record<Key | "home", string>> = {
    ...defaults,
    ...untold,
    home: settings.home,
    threads: String(threads ?? machine.processors),
    memory,
    require_source: String(settings.requireSource),
    max_unpacked: `${settings.unpacking.bytes / 2 ** 30}GiB`,
    max_unpacked_ratio: String(settings.unpacking.ratio),
  };
  const scalars = (["home", ...keys] as const).map((key) => {
    const told = settings.told.get(key);
    const value = told?.value ?? otherwise[key];
    return { key, value: shown(key, value), from: told?.where ?? "default" };
  });
  const config = [...scalars, ...own];
  if (context.isJson) context.print({ config });
  else {
    const rows = config.map(({ key, value, from }) => [key, value, from]);
    context.stdout.write(`${context.table(["setting", "value", "from"], rows)}\n`);
  }
  return undefined;
}
