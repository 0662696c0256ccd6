/** The repository's own rules, as tests. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow } from "./workdir.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const sources = filesBelow(join(root, "src"))
  .map((path) => path.slice(root.length + 1))
  .filter((path) => path.endsWith(".ts"));
const statements = filesBelow(join(root, "sql"))
  .map((path) => path.slice(root.length + 1))
  .filter((path) => path.endsWith(".sql"));

/** [package, the only files or folder that may import it] */
const importers: [string, RegExp][] = [
  ["@duckdb/node-api", /^src\/engine\/duckdb\//],
  ["@clickhouse/client", /^src\/engine\/clickhouse\/(connection|failures)\.ts$/],
  ["chalk", /^src\/terminal\.ts$/],
  ["cli-progress", /^src\/terminal\.ts$/],
  ["get-east-asian-width", /^src\/text\.ts$/],
  ["libphonenumber-js", /^src\/intake\/phone\.ts$/],
  ["csv-parse", /^src\/intake\/(dialect|providers)\.ts$/],
  ["fzstd", /^src\/intake\/zstd\.ts$/],
  ["sax", /^src\/intake\/xlsx\/xml\.ts$/],
  ["yauzl", /^src\/intake\/xlsx\/zip\.ts$/],
  ["@observablehq/plot", /^src\/stats\/page\//],
  ["smol-toml", /^src\/configuration\.ts$/],
];

test.each(importers)("%s is imported in one place", (name, where) => {
  const users = sources.filter((path) => read(path).includes(`from "${name}`));
  expect(users).not.toEqual([]);
  expect(users.filter((path) => !where.test(path))).toEqual([]);
});

describe("sources", () => {
  test("no file is longer than 400 lines, no command than 260", () => {
    const long = sources.filter((path) => {
      const most = path.startsWith("src/commands/") ? 260 : 400;
      return read(path).split("\n").length > most;
    });
    expect(long).toEqual([]);
  });

  test("every file begins by saying what it is for", () => {
    expect(sources.filter((path) => !read(path).startsWith("/**"))).toEqual([]);
  });

  test("no statement of SQL stands in TypeScript", () => {
    const sql = /["'`]\s*(select|insert into|update|delete from|copy|create|attach)\s/i;
    expect(sources.filter((path) => sql.test(read(path)))).toEqual([]);
  });

  test("nothing exits but the program itself, and nothing prints but what is given a stream", () => {
    expect(sources.filter((path) => /process\.exit\(|console\./.test(read(path)))).toEqual([]);
  });

  test("commands name no engine", () => {
    const commands = sources.filter((path) => path.startsWith("src/commands/"));
    expect(commands.filter((path) => /duckdb|clickhouse/i.test(read(path)))).toEqual([]);
  });
});

describe("SQL", () => {
  const namesIn = (engine: string) =>
    statements
      .filter((path) => path.startsWith(`sql/${engine}/`) && !path.includes("/schema/"))
      .map((path) => path.replace(/^.*\/(\w+)\.sql$/, "$1"));

  test("every statement begins with what it is for, and is used", () => {
    expect(statements.filter((path) => !read(path).trimStart().startsWith("--"))).toEqual([]);
    // Files are read by DuckDB on either engine.
    const users = {
      duckdb: sources,
      clickhouse: sources.filter((path) => /^src\/engine\/(catalog|clickhouse|move)\//.test(path)),
    };
    for (const [engine, files] of Object.entries(users)) {
      const text = files.map(read).join("\n");
      const unused = namesIn(engine).filter(
        (name) =>
          !text.includes(`"${name}"`) && !/^deliver_(csv|tsv|txt|jsonl|parquet)$/.test(name),
      );
      expect(unused, engine).toEqual([]);
    }
  });

  test("what the shared verbs name is there on every engine", () => {
    const shared = sources.filter((path) => path.startsWith("src/engine/catalog/")).map(read);
    const named = shared.flatMap((text) =>
      [...text.matchAll(/\.(?:run|rows)\(\s*"(\w+)"/g)].map(([, name = ""]) => name),
    );
    expect(named.length).toBeGreaterThan(30);
    for (const engine of ["duckdb", "clickhouse"]) {
      const known = new Set(namesIn(engine));
      expect(
        named.filter((name) => !known.has(name)),
        engine,
      ).toEqual([]);
    }
  });

  test("key words are in lower case", () => {
    const loud = /\b(SELECT|FROM|WHERE|INSERT|COPY|CREATE|JOIN|GROUP BY|ORDER BY)\b/;
    const code = (path: string) => read(path).replaceAll(/--.*$/gm, "");
    expect(statements.filter((path) => loud.test(code(path)))).toEqual([]);
  });

  test("nothing that loses rows silently", () => {
    const traps = /ignore_errors|overwrite_or_ignore|not in \(select phone|store_rejects/i;
    const code = (path: string) => read(path).replaceAll(/--.*$/gm, "");
    expect(statements.filter((path) => traps.test(code(path)))).toEqual([]);
  });
});

describe("the tree", () => {
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");

  test("the top level is what was agreed", () => {
    const top = new Set(tracked.map((path) => path.split("/")[0] as string));
    const agreed =
      /^(\..+|package(-lock)?\.json|tsconfig\.json|README(\.id)?\.md|LICENSE|CHANGELOG\.md|bin|src|sql|fixtures|test|bench|docs)$/;
    expect([...top].filter((name) => !agreed.test(name))).toEqual([]);
  });

  test("engines are pinned exactly", () => {
    const { dependencies } = JSON.parse(read("package.json"));
    expect(dependencies["@duckdb/node-api"]).toBe("1.5.6-r.1");
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d/);
  });
});
