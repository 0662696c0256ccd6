/**
 * The program as few files, in dist/bundle: to find, read and link its 400 modules took Node longer than most commands
 * take. What a command imports on demand stays a file of its own. What is native stays outside, where its binary is.
 */
import { build } from "rolldown";

await build({
  input: "src/main.ts",
  platform: "node",
  external: ["@duckdb/node-bindings", "@node-rs/xxhash"],
  output: { dir: "dist/bundle", chunkFileNames: "[name].js", sourcemap: true },
});
