// @ts-check
/** All cases, in the order of the page. */
import { chosen } from "./chosen.js";
import { dirty } from "./dirty.js";
import { filters } from "./filters.js";
import { generate } from "./generate.js";
import { growth } from "./growth.js";
import { ingest } from "./ingest.js";
import { ingestMemory } from "./ingest-memory.js";
import { onClickhouse } from "./on-clickhouse.js";
import { oneGigabyte } from "./one-gigabyte.js";
import { order } from "./order.js";
import { phoneCells } from "./phone-cells.js";
import { reserve } from "./reserve.js";
import { sideBySide } from "./side-by-side.js";
import { startUp } from "./start-up.js";

/** @type {readonly import("../lab.js").Case[]} */
export const cases = [
  ...[ingest, ingestMemory, generate, reserve, order, growth, filters, sideBySide],
  ...[oneGigabyte, startUp, dirty, phoneCells, chosen, onClickhouse],
];
