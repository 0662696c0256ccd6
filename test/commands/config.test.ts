/** `config` says what counts, and who said so; it neither needs a home nor makes one. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { settingWords } from "../../src/help/settings.ts";
import { createWorkdir } from "../workdir.ts";

type Line = { readonly key: string; readonly value: string; readonly from: string };

const of = (config: readonly Line[], key: string) => config.find((line) => line.key === key);

test("defaults, of this machine where it decides", async () => {
  const dir = createWorkdir();
  const { config } = await dir.json(["config"], {
    env: { NUMBERS_THREADS: "", NUMBERS_MEMORY: "" },
  });
  expect(config.map(({ key }: Line) => key)).toEqual([
    ...[
      "home",
      "time_zone",
      "within",
      "cooldown",
      "return_window",
      "max_return_rate",
      "price",
      "lock_timeout",
      "log_format",
      "engine",
    ],
    ...["clickhouse_url", "clickhouse_ca", "clickhouse_cert", "clickhouse_key"],
    "clickhouse_cluster",
    ...["threads", "memory", "require_source", "max_unpacked", "max_unpacked_ratio"],
  ]);
  expect(of(config, "home")).toEqual({ key: "home", value: dir.home, from: "NUMBERS_HOME" });
  expect(of(config, "time_zone")).toMatchObject({ value: "Asia/Jakarta", from: "default" });
  expect(of(config, "within")).toMatchObject({ value: "3d", from: "default" });
  expect(of(config, "price")).toMatchObject({ value: "none", from: "default" });
  expect(of(config, "engine")).toMatchObject({ value: "duckdb", from: "default" });
  expect(of(config, "clickhouse_url")).toMatchObject({ value: "none", from: "default" });
  expect(of(config, "require_source")).toMatchObject({ value: "false", from: "default" });
  expect(of(config, "max_unpacked")).toMatchObject({ value: "64GiB", from: "default" });
  expect(of(config, "threads")?.value).toMatch(/^[1-9]\d*$/);
  expect(of(config, "memory")?.value).toMatch(/^\d+MB$/);
  expect(existsSync(dir.home)).toBe(false);
});

test("a flag before a variable before the file, each named", async () => {
  const dir = createWorkdir();
  mkdirSync(dir.home, { mode: 0o700 });
  const file = `${dir.home}/config.toml`;
  writeFileSync(
    file,
    '# ours\ncooldown = "90d"\nwithin = "5d"\nrequire_source = true\nthreads = 3\n',
  );
  const env = { NUMBERS_WITHIN: "7d", NUMBERS_THREADS: "4" };
  const { config } = await dir.json(["config", "--threads", "5"], { env });
  expect(of(config, "cooldown")).toMatchObject({ value: "90d", from: `${file} line 2: cooldown` });
  expect(of(config, "within")).toMatchObject({ value: "7d", from: "NUMBERS_WITHIN" });
  expect(of(config, "threads")).toMatchObject({ value: "5", from: "--threads" });
  expect(of(config, "require_source")).toMatchObject({
    value: "true",
    from: `${file} line 4: require_source`,
  });

  const { stdout, stderr } = await dir.ok(["config"], { env });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^setting +value +from$/m);
  expect(stdout).toMatch(/^within +7d +NUMBERS_WITHIN$/m);
  expect(stdout).toMatch(/^lock_timeout +60s +default$/m);
});

test("what is wrong is refused here as anywhere", async () => {
  const dir = createWorkdir();
  const { code, stderr } = await dir.run(["config"], { env: { NUMBERS_COOLDOWN: "soon" } });
  expect(code).toBe(2);
  expect(stderr).toContain('NUMBERS_COOLDOWN: "soon"');
});

test("the help names every setting with the default that counts", async () => {
  const dir = createWorkdir();
  const { config } = await dir.json(["config"]);
  for (const { key, value } of config.filter(({ key }: Line) => key !== "home")) {
    const words = settingWords[key as keyof typeof settingWords];
    const ofMachine = key === "threads" || key === "memory";
    expect(words).toContain(ofMachine ? "(default: " : `(default ${value})`);
  }
  const { stdout } = await dir.ok(["config", "--help"]);
  expect(stdout).toContain("  return_window       so long");
  expect(stdout).toMatch(/^ {2}\[prefixes\] {2,}config\.toml alone: "0899" = "tri"/m);
});

test("prefixes and synonyms of the home's own, and whose line counts", async () => {
  const dir = createWorkdir();
  const file = dir.write(
    "home/config.toml",
    '[prefixes]\n"0810" = "tri"\n"+62899" = "Three"\n\n[synonyms]\n"Kartu Teman" = "tsel"\n',
  );
  const table = dir.write("home/numbering/providers.csv", "prefix,code\n810,xl\n8111,isat\n");
  const words = dir.write("home/numbering/synonyms.csv", "synonym,code\nkartu teman,xl\nduo,sf\n");
  const { config } = await dir.json(["config"]);
  expect(config.filter(({ key }: Line) => key.includes("."))).toEqual([
    { key: "prefixes.08111", value: "isat", from: `${table} line 3` },
    { key: "synonyms.duo", value: "sf", from: `${words} line 3` },
    { key: "prefixes.0810", value: "tri", from: `${file} line 2: prefixes.0810` },
    { key: "prefixes.0899", value: "tri", from: `${file} line 3: prefixes.+62899` },
    {
      key: "synonyms.Kartu Teman",
      value: "tsel",
      from: `${file} line 6: synonyms.Kartu Teman`,
    },
  ]);
  const { stdout } = await dir.ok(["config"]);
  expect(stdout).toMatch(/^prefixes\.0810 +tri +\S+config\.toml line 2: prefixes\.0810$/m);
  expect(stdout).toMatch(/^synonyms\.duo +sf +\S+synonyms\.csv line 3$/m);
});
