/** Preloaded into the real program: says on stderr which native libraries it loads. */
import { basename } from "node:path";

const { dlopen } = process;
process.dlopen = (module, path, ...flags) => {
  process.stderr.write(`loaded ${basename(path)}\n`);
  return dlopen(module, path, ...flags);
};
