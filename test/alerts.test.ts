/** docs/alerts.yml: rules that Prometheus reads, on metrics that `stats` has, and that fire when they should. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createWorkdir, list } from "./workdir.ts";

const path = resolve(import.meta.dirname, "../docs/alerts.yml");
type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
};
const { groups }: { groups: { name: string; rules: Rule[] }[] } = parse(readFileSync(path, "utf8"));
const rules = groups.flatMap((group) => group.rules);

/** What an expression names, and where it is no expression. */
function examined(expression: string): { metrics: string[]; errors: string[] } {
  const metrics: string[] = [];
  const errors: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, name, from, to }) => {
      if (type.isError) errors.push(`at ${from}: ${expression.slice(from)}`);
      if (name === "VectorSelector") {
        metrics.push(expression.slice(from, to).replace(/[{[\s].*/s, ""));
      }
    },
  });
  return { metrics, errors };
}

test("what is no expression is seen as none", () => {
  expect(examined("numbers_left < < 2").errors).not.toEqual([]);
  expect(examined('a{b="c"} > b[1h]').metrics).toEqual(["a", "b"]);
});

test("every rule is whole, and its expression can be read", () => {
  expect(rules.length).toBeGreaterThan(0);
  for (const rule of rules) {
    expect(rule.alert).toMatch(/^Numbers\w+$/);
    expect(examined(rule.expr).errors, rule.alert).toEqual([]);
    expect(rule.labels.severity).toMatch(/^(warning|critical)$/);
    expect(rule.annotations.summary).toBeTruthy();
    expect(rule.annotations.description).toBeTruthy();
  }
});

test("every metric that a rule names is one that stats writes", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 3));
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "1", "-o", "o.csv"]);
  await dir.ok(["backup", "bk"]);
  const { stdout } = await dir.ok(["stats", "--format", "prometheus"]);
  const written = new Set([...stdout.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
  const named = new Set(rules.flatMap(({ expr }) => examined(expr).metrics));
  // Of the node exporter itself.
  named.delete("node_textfile_mtime_seconds");
  expect(named.size).toBeGreaterThan(2);
  for (const name of named) expect(written).toContain(name);
});

const promtool = spawnSync("promtool", ["--version"]).error === undefined;
test.skipIf(!promtool)("Prometheus reads them, and they fire when they should", () => {
  const checked = spawnSync("promtool", ["check", "rules", path], { encoding: "utf8" });
  expect(`${checked.stdout}${checked.stderr}`).toContain(`SUCCESS: ${rules.length} rules found`);
  const dir = createWorkdir();
  const tests = dir.write("alerts.test.yml", firing);
  const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", tests], {
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toContain("SUCCESS");
  expect(status).toBe(0);
});
if (!promtool) {
  process.stderr.write(
    "skipped: there is no promtool here; the rules are read by their grammar alone\n",
  );
}

/** tsel has one and a half days left and xl three; the last list came and the last backup was made at the beginning. */
const firing = `
rule_files: [${path}]
evaluation_interval: 30m
tests:
  - interval: 30m
    input_series:
      - series: numbers_left{instance="a", provider="tsel", synthetic="false"}
        values: 150x200
      - series: numbers_left{instance="a", provider="xl", synthetic="false"}
        values: 300x200
      - series: numbers_left{instance="a", provider="tsel", synthetic="true"}
        values: 0x200
      - series: numbers_sold_per_day{instance="a", provider="tsel", synthetic="false"}
        values: 100x200
      - series: numbers_sold_per_day{instance="a", provider="xl", synthetic="false"}
        values: 100x200
      - series: numbers_sold_per_day{instance="a", provider="tsel", synthetic="true"}
        values: 100x200
      - series: numbers_last_ingest_timestamp_seconds{instance="a"}
        values: 0x200
      - series: numbers_last_backup_timestamp_seconds{instance="a"}
        values: 0x200
      - series: numbers_orders{instance="a", state="delivered"}
        values: 1x200
      - series: numbers_orders{instance="b", state="delivered"}
        values: 1x200
      - series: numbers_orders{instance="c", state="delivered"}
        values: 0x200
      - series: node_textfile_mtime_seconds{instance="a", file="/srv/metrics/numbers.prom"}
        values: 0x200
    alert_rule_test:
      - alertname: NumbersRunShort
        eval_time: 2h
        exp_alerts:
          - exp_labels: { severity: warning, instance: a, provider: tsel, synthetic: "false" }
            exp_annotations:
              summary: "tsel: what is left lasts for less than two days"
              description: "150 numbers are left at most. Ask for lists, or sell from a longer --within."
      - alertname: NumbersNotIngested
        eval_time: 35h
        exp_alerts: []
      - alertname: NumbersNotIngested
        eval_time: 37h
        exp_alerts:
          - exp_labels: { severity: warning, instance: a }
            exp_annotations:
              summary: "no list came into the pool for 1d 13h 0m 0s"
              description: "See what the last numbers ingest said, and whether the supplier sent anything."
      - alertname: NumbersNotBackedUp
        eval_time: 35h
        exp_alerts: []
      - alertname: NumbersNotBackedUp
        eval_time: 37h
        exp_alerts:
          - exp_labels: { severity: critical, instance: a }
            exp_annotations:
              summary: "the last backup is 1d 13h 0m 0s old"
              description: "Run numbers backup by hand and read what it says."
      - alertname: NumbersNeverBackedUp
        eval_time: 1h
        exp_alerts:
          - exp_labels: { severity: critical, instance: b }
            exp_annotations:
              summary: "this home was never backed up"
              description: "Give it a timer: numbers backup FOLDER, best on another disk."
      - alertname: NumbersNotMeasured
        eval_time: 2h
        exp_alerts:
          - exp_labels: { severity: warning, instance: a, file: /srv/metrics/numbers.prom }
            exp_annotations:
              summary: "numbers.prom is 2h 0m 0s old"
              description: "Its cron job fails, and the other rules look at old figures."
`;
