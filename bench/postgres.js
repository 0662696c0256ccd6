// @ts-check
/**
 * PostgreSQL as a peer, out of the distribution's packages: a server of its own in the bench's folder, on a socket there and
 * nowhere else, as an ordinary user when the bench is run by root.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { totalmem } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { measureProgram, run, start } from "./measure.js";

/** @typedef {{ ask: (sql: string) => Promise<string>, measure: (sql: string) => Promise<import("./measure.js").Measured> }} Server */

/** Where `initdb`, `postgres` and `psql` are; Debian keeps them out of PATH. */
function findPrograms() {
  const versions = "/usr/lib/postgresql";
  const debian = existsSync(versions)
    ? readdirSync(versions).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...debian.map((version) => join(versions, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find(
    (folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")),
  );
}

/** For the page: none where it is not installed. */
export async function postgresVersion() {
  const programs = findPrograms();
  if (programs === undefined) return [];
  const { stdout } = await run([join(programs, "postgres"), "--version"]);
  return [stdout.trim().replace(/^postgres \(PostgreSQL\)/, "PostgreSQL")];
}

/** Who the server runs as: it refuses to be root. @returns {{ uid?: number, gid?: number }} */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (/** @type {string} */ user, /** @type {string} */ which) =>
    Number(
      execFileSync("id", [which, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  for (const user of ["postgres", "nobody"]) {
    try {
      return { uid: idOf(user, "-u"), gid: idOf(user, "-g") };
    } catch {
      // The next one, then.
    }
  }
  return {};
}

/**
 * A running server that ends with the case; undefined, and said so, where there is none.
 * @param {import("./lab.js").Lab} lab
 * @returns {Promise<Server | undefined>}
 */
export async function startPostgres(lab) {
  if (!lab.hasGuests) return undefined;
  const programs = findPrograms();
  if (programs === undefined) {
    lab.skip("PostgreSQL", "not installed: apt-get install postgresql, or what your system has");
    return undefined;
  }
  const user = unprivileged();
  const folder = lab.at("postgres");
  mkdirSync(folder);
  if (user.uid !== undefined && user.gid !== undefined) {
    chownSync(folder, user.uid, user.gid);
    // It must be able to go through the folders above it, and to read the list in one of them.
    for (const above of [dirname(folder), dirname(dirname(folder))])
      chmodSync(above, statSync(above).mode | 0o011);
  }
  const data = join(folder, "data");
  const made = await run(
    [
      join(programs, "initdb"),
      "-D",
      data,
      "-U",
      "bench",
      "-A",
      "trust",
      "--encoding=UTF8",
      "--locale=C",
    ],
    { cwd: folder, ...user },
  );
  if (made.code !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  // What its manual advises for a machine that does nothing else; it stays as durable as it is by default.
  const settings = {
    listen_addresses: "",
    unix_socket_directories: folder,
    shared_buffers: `${Math.floor(totalmem() / 4 / 2 ** 20)}MB`,
    work_mem: "1GB",
    maintenance_work_mem: "512MB",
    wal_level: "minimal",
    max_wal_senders: "0",
    max_wal_size: "4GB",
    max_parallel_workers_per_gather: String(lab.threads),
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const { child, ended } = start([join(programs, "postgres"), "-D", data, ...options], {
    cwd: folder,
    ...user,
  });
  lab.defer(async () => {
    child?.kill("SIGINT");
    await ended;
  });

  const psql = /** @type {const} */ ([
    join(programs, "psql"),
    "-X",
    "-q",
    "-A",
    "-t",
    "-v",
    "ON_ERROR_STOP=1",
  ]);
  const at = ["-h", folder, "-U", "bench", "-d", "postgres"];
  for (let tries = 0; (await run([...psql, ...at, "-c", "select 1"])).code !== 0; tries += 1) {
    if (tries > 100) throw new Error(`PostgreSQL did not start: ${(await ended).stderr}`);
    await sleep(100);
  }
  return {
    async ask(sql) {
      const { code, stdout, stderr } = await run([...psql, ...at, "-c", sql]);
      if (code !== 0) throw new Error(`PostgreSQL: ${stderr}`);
      return stdout.trim();
    },
    async measure(sql) {
      const file = join(dirname(folder), "statements.sql");
      writeFileSync(file, sql);
      const { seconds, stdout, stderr } = await measureProgram([...psql, ...at, "-f", file], {
        folder: lab.folder,
      });
      // Processor time and memory would be those of psql, which only waits.
      return { seconds, stdout, stderr };
    },
  };
}
