/**
 * A machine for the command lines of the documentation: the folders that the pages speak of below a temporary one, this
 * program as `numbers`, and stand-ins for what is on other machines or would change this one.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { binary, cleanEnvironment, type Outcome } from "../workdir.ts";

export type World = {
  /** What is `/` in the pages. */
  readonly folder: string;
  path(place: string): string;
  /** Writes a file that is old enough for every --min-age; its folder is made. */
  write(place: string, content: string | Buffer): void;
  /** Runs a line in bash as the page has it: in the folder `work`, its places below this world's own. */
  run(line: string): Promise<Outcome>;
  /** The same, and an error for another exit code than 0. */
  ok(line: string): Promise<Outcome>;
  remove(): void;
};

/** Each says at once what it was not made for: a page that asks more of it has to be seen to work here first. */
const standIns: Readonly<Record<string, string>> = {
  numbers: `exec "${process.execPath}" "${binary}" "$@"`,
  // The other machine is a folder.
  ssh: 'test "$1" = customer && shift && cd "$WORLD/customer" && exec bash -c "$*"',
  scp: 'test "$3" = customer: && exec cp "$1" "$2" "$WORLD/customer/"',
  systemctl:
    'case "$*" in daemon-reload | "enable --now numbers-"*.timer | "start numbers@"*.service | "list-timers numbers-*") ;; *) exit 1 ;; esac',
  journalctl: 'test "$1" = -u',
  sudo: 'test "$1 $2" = "-u numbers" && shift 2 && exec "$@"',
  npm: "exit 1",
};

export function createWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), "numbers-documented-"));
  const path = (place: string) => join(folder, place);
  for (const place of [
    "work",
    "user",
    "customer",
    "bin",
    "srv/inbox/done",
    "srv/outbox",
    "srv/metrics",
  ]) {
    mkdirSync(path(place), { recursive: true });
  }
  for (const place of ["mnt/backup", "mnt/spare", "var/log/numbers"]) {
    mkdirSync(path(place), { recursive: true });
  }
  for (const [name, script] of Object.entries(standIns)) {
    writeFileSync(path(`bin/${name}`), `#!/bin/bash\n${script}\n`);
    chmodSync(path(`bin/${name}`), 0o755);
  }
  const placed = (line: string) =>
    line.replaceAll(/(?<=^|[\s'"=>:])\/(?=(srv|mnt|var|opt)\/)/g, `${folder}/`);
  const run = async (line: string) => {
    const { code, stdout, stderr } = await bash(placed(line), folder);
    const unplaced = (text: string) => text.replaceAll(`${folder}/`, "/");
    return { code, stdout: unplaced(stdout), stderr: unplaced(stderr) };
  };
  return {
    folder,
    path,
    write: (place, content) => {
      mkdirSync(dirname(path(place)), { recursive: true });
      writeFileSync(path(place), content);
      utimesSync(path(place), 0, 0);
    },
    run,
    ok: async (line) => {
      const outcome = await run(line);
      if (outcome.code !== 0) throw new Error(`${line}\nexit ${outcome.code}\n${outcome.stderr}`);
      return outcome;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function bash(line: string, folder: string): Promise<Outcome> {
  const child = spawn("bash", ["-o", "pipefail", "-c", line], {
    cwd: join(folder, "work"),
    env: {
      ...cleanEnvironment(join(folder, "srv/numbers")),
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      HOME: join(folder, "user"),
      WORLD: folder,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) =>
      done({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}
