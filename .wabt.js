/** The gate's fast path as WebAssembly, beside what TypeScript makes: one file for the sources, dist and the bundle. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const { parseWat } = await wabt();
const name = "clean-run.wat";
const module = parseWat(name, readFileSync(`src/intake/${name}`), { simd: true });
mkdirSync("dist/intake", { recursive: true });
writeFileSync("dist/intake/clean-run.wasm", module.toBinary({}).buffer);
