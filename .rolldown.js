/**
 * The program as few files, in dist/bundle: to find, read and link its 400 modules took Node longer than most commands
 * take. What a command imports on demand stays a file of its own. What is native stays outside, where its binary is.
 * And what the report's page needs in the browser, in dist/report: its script with Observable Plot in it, and its style.
 */
import { copyFileSync } from "node:fs";
import { build } from "rolldown";

await build({
  input: "src/main.ts",
  platform: "node",
  external: ["@duckdb/node-bindings", "@node-rs/xxhash"],
  output: { dir: "dist/bundle", chunkFileNames: "[name].js", sourcemap: true },
});

await build({
  input: "src/stats/page/plots.ts",
  platform: "browser",
  output: { file: "dist/report/page.js", format: "iife", minify: true },
});
copyFileSync("src/stats/page/page.css", "dist/report/page.css");
