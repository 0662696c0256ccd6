/**
 * Screens of fixtures/screens: each file says how wide the terminal is, what is typed and what is seen then, one command
 * after the other in one fresh home. `UPDATE_SCREENS=1` writes what is seen; read it before it is kept.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noTerminal, openTerminal, screens, steady } from "./screen.ts";
import { binary, createWorkdir } from "./workdir.ts";

test.skipIf(noTerminal).each(readdirSync(screens))("%s", async (name) => {
  const path = join(screens, name);
  const written = readFileSync(path, "utf8");
  const [first = ""] = written.split("\n", 1);
  const columns = Number(/^columns (\d+)/.exec(first)?.[1]);
  const env = Object.fromEntries(
    [...first.matchAll(/(\w+)=(\S*)/g)].map(([, key, value]) => [key, value]),
  );
  expect(columns, `${name} begins with: columns N`).toBeGreaterThan(0);
  const dir = createWorkdir();
  const seen = [first];
  for (const [, typed = ""] of written.matchAll(/^\$ (.*)$/gm)) {
    const command = typed.replaceAll(/\bnumbers(?= |$)/g, `"${process.execPath}" "${binary}"`);
    const { ended } = await openTerminal(["/bin/sh", "-c", command], { dir, columns, env });
    const screen = await ended;
    seen.push("", `$ ${typed}`, ...steady(screen, dir, columns));
    if (screen.code !== 0) seen.push(`(exit ${screen.code})`);
  }
  const text = `${seen.join("\n")}\n`;
  if (process.env.UPDATE_SCREENS) writeFileSync(path, text);
  expect(text).toBe(written);
});
