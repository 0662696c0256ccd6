/**
 * The engine's plan of a statement, as an outline of its operators. Conditions and expressions are left out: the engine
 * prints the values in them, and those may be phones, keys or names of persons.
 */
import { statSync } from "node:fs";
import type { Parameters } from "../session.ts";

/** What is told of an operator. None of it has values of a statement. */
const told = ["Table", "Join Type", "Estimated Cardinality"] as const;

/** Those that read or write rows; of a setting or a macro there is no plan. */
const hasPlan = /^\s*(with|select|insert|copy \(|update|delete|create (or replace )?temp table)/;

type Operator = {
  readonly name: string;
  readonly children: readonly Operator[];
  readonly extra_info: Readonly<Record<string, unknown>>;
};

/** The statement that gives the plan, nothing of it is run; undefined where there is none, or where asking would read a pipe. */
export function explaining(sql: string, parameters: Parameters): string | undefined {
  if (!hasPlan.test(sql) || Object.values(parameters).some(isPipe)) return undefined;
  return `explain (format json) ${sql}`;
}

/** To plan the reading of a file, the engine looks into it; a pipe has its bytes once. */
function isPipe(value: unknown): boolean {
  if (typeof value !== "string" || !value.startsWith("/")) return false;
  const stat = statSync(value, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** The plan from what the engine says of it, an operator a line, what it reads from below it. */
export function outline(explained: string): string {
  return (JSON.parse(explained) as Operator[]).flatMap((top) => lines(top, "  ")).join("\n");
}

function lines({ name, children, extra_info }: Operator, indent: string): string[] {
  const facts = told.flatMap((key) => {
    const value = extra_info[key];
    if (value === undefined) return [];
    return key === "Estimated Cardinality" ? [`about ${value} rows`] : [String(value)];
  });
  // Every other operator is one, and does nothing that anybody looks for.
  if (name === "PROJECTION") return children.flatMap((child) => lines(child, indent));
  const own = `${indent}${[name.trim(), ...facts].join(", ")}`;
  return [own, ...children.flatMap((child) => lines(child, `${indent}  `))];
}
