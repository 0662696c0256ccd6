/** What becomes of a command's output: a reader who has seen enough is no failure, a full disk is. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { binary, cleanEnvironment, createWorkdir, list } from "./workdir.ts";

function shell(script: string, home: string) {
  return spawnSync("bash", ["-c", script, process.execPath, binary], {
    env: cleanEnvironment(home),
    encoding: "utf8",
  });
}

test.each(["stats --json", "--help", "help order", "--version"])(
  "output that cannot be written is said, and exits 1: %s",
  (command) => {
    const dir = createWorkdir();
    const { status, stderr } = shell(`"$0" "$1" ${command} > /dev/full`, dir.home);
    expect(status).toBe(1);
    expect(stderr).toContain("stdout could not be written");
  },
);

test("a reader who has seen enough is no failure", () => {
  const dir = createWorkdir();
  const { stdout, stderr } = shell(
    'set -o pipefail; "$0" "$1" stats --json | true; echo "$?"',
    dir.home,
  );
  expect(stderr).toBe("");
  expect(stdout).toBe("0\n");
});

test("a named pipe in a folder is no source", async () => {
  const dir = createWorkdir();
  mkdirSync(dir.path("in"));
  dir.write("in/a.csv", list("812", 3));
  execFileSync("mkfifo", [dir.path("in/b.csv")]);
  const { files } = await dir.json(["ingest", "in"]);
  expect(files).toHaveLength(1);
});
