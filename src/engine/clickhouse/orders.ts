/** Filling an order: selecting, staging, selling, and counting what could be sold. */
import type { Engine } from "../engine.ts";
import type { Access } from "./access.ts";

export type OrderVerbs = Pick<
  Engine,
  "countCandidates" | "readColumns" | "fillOrder" | "exportOrder" | "reviewOrder" | "markDisclosed"
>;

export function orderVerbs(_access: Access): OrderVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return {
    countCandidates: missing,
    readColumns: missing,
    fillOrder: missing,
    exportOrder: missing,
    reviewOrder: missing,
    markDisclosed: missing,
  };
}
