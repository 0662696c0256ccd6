/**
 * The program as few files, in dist/bundle: to find, read and link its 400 modules took Node longer than most commands
 * take. All that it begins with is one file without blanks; what a command imports on demand stays a file of its own. What
 * is native stays outside, where its binary is.
 * And what the report's page needs in the browser, in dist/report: its script with Observable Plot in it, and its style.
 */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "rolldown";

await build({
  input: "src/main.ts",
  platform: "node",
  external: ["@duckdb/node-bindings", "@node-rs/xxhash", /^chdb/],
  output: {
    dir: "dist/bundle",
    cleanDir: true,
    chunkFileNames: "[name].js",
    sourcemap: true,
    codeSplitting: { groups: [{ name: "start", test: /src\/main\.ts$/ }] },
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});

const page = await build({
  input: "src/stats/page/plots.ts",
  platform: "browser",
  output: { file: "dist/report/page.js", format: "iife", minify: true },
});
copyFileSync("src/stats/page/page.css", "dist/report/page.css");

// Whose code is in it, and on what terms, which a copy has to say: it goes into every page.
const folders = page.output[0].moduleIds.flatMap(
  (id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [],
);
const licences = [...new Set(folders)].sort().map((folder) => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const text =
    file === undefined
      ? `${license}, as its package says`
      : readFileSync(`${folder}/${file}`, "utf8");
  return `${name} ${version}\n\n${text.trim()}\n`;
});
const script = readFileSync("dist/report/page.js", "utf8");
writeFileSync("dist/report/page.js", `/*\n${licences.join("\n---\n\n")}*/\n${script}`);
