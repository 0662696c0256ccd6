// Starts the front of test/clickhouse/front.js in a process of its own, and a ZooKeeper if asked.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** What goes wrong with the nth query (1 is the next) whose text matches, and `times - 1` after it. */
export interface Fault {
  /** refuse: not run, connection dropped. lose: run, never answered. stall: run, answered ms later.
   *  slow: takes ms more to run, as system.processes shows, and can be killed meanwhile.
   *  cut: an exception after HTTP 200 and a part of the result. truncate: that part alone.
   *  fail: not run, answered with an error. */
  kind: "refuse" | "lose" | "stall" | "slow" | "cut" | "truncate" | "fail";
  /** Case and line ends do not matter. */
  match: RegExp | string;
  nth?: number;
  times?: number;
  /** stall and slow: 1000 unless given. */
  ms?: number;
  /** fail and cut: 241 MEMORY_LIMIT_EXCEEDED unless given. */
  code?: number;
  type?: string;
  message?: string;
  /** fail: the HTTP status, the server's own for this code unless given. */
  status?: number;
  /** cut and truncate: bytes of the result that are sent, half of it unless given. */
  bytes?: number;
  /** cut: false sends it as servers before 25.11 do, without the tag and its header. */
  tag?: boolean;
  /** cut: false ends the answer in good order behind the exception, as a proxy might; a server drops
   *  the connection. */
  breaks?: boolean;
}

/** One query as the client sent it, in the order of arrival. */
export interface Logged {
  query_id: string;
  query: string;
  params: Record<string, string>;
  settings: Record<string, string>;
  database: string;
  user: string;
  started: number;
  ended?: number;
  status?: number;
  code?: number;
  fault?: Fault["kind"];
}

export interface Server {
  url: string;
  port: number;
  /** Folder of the data: start another one there after this one's end. */
  data: string;
  /** The engine's own version. */
  version: string;
  pid: number;
  fault(...faults: Fault[]): Promise<void>;
  log(): Promise<Logged[]>;
  /** Ids of the queries that run now. */
  running(): Promise<string[]>;
  /** Resident memory of the front, engine included. */
  memory(): Promise<number>;
  /** What `select version()` and the errors say; without one the engine's own again. */
  setVersion(version?: string): Promise<void>;
  /** false: no tag in any answer, as servers before 25.11. */
  setExceptionTag(on: boolean): Promise<void>;
  /** No faults, an empty log, the engine's version. */
  reset(): Promise<void>;
  stop(): Promise<void>;
  /** Ends as at kill -9; the data stay until stop(). */
  crash(): Promise<void>;
}

export interface Options {
  data?: string;
  port?: number;
  user?: string;
  password?: string;
  /** Real KeeperMap, by a ZooKeeper of its own or a shared one. */
  keeper?: boolean | Keeper;
}

export async function startServer(options: Options = {}): Promise<Server> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "numbers-clickhouse-"));
  const keeper = options.keeper === true ? await startKeeper() : options.keeper || undefined;
  const front = fileURLToPath(new URL("front.js", import.meta.url));
  const given: string[] = ["--data", data, "--port", String(options.port ?? 0)];
  if (options.user !== undefined) given.push("--user", options.user);
  if (options.password !== undefined) given.push("--password", options.password);
  if (keeper) given.push("--config", keeper.config);
  const child = spawn(process.execPath, [front, ...given, "--until-stdin-ends"], {
    stdio: ["pipe", "pipe", "inherit"],
    // A query takes a thread of this pool until its end; the default of four would let a fifth wait.
    env: { ...process.env, UV_THREADPOOL_SIZE: "32" },
  });
  const ready = (await firstLine(child)) as { port: number; version: string };
  const url = `http://127.0.0.1:${ready.port}`;
  const control = async (body?: object) => {
    const answer = await fetch(`${url}/control`, {
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`control: ${answer.status}`);
    return (await answer.json()) as { log: Logged[]; running: string[]; memory: number };
  };
  const set = async (body: object) => void (await control(body));
  return {
    url,
    port: ready.port,
    data,
    version: ready.version,
    pid: child.pid ?? 0,
    fault: (...faults) =>
      set({
        faults: faults.map((one) => ({
          ...one,
          match: typeof one.match === "string" ? one.match : one.match.source,
        })),
      }),
    log: async () => (await control()).log,
    running: async () => (await control()).running,
    memory: async () => (await control()).memory,
    setVersion: (version) => set({ version: version ?? null }),
    setExceptionTag: (exceptionTag) => set({ exceptionTag }),
    reset: () => set({ reset: true }),
    crash: () => ended(child, "SIGKILL"),
    async stop() {
      await ended(child, "SIGTERM");
      if (options.keeper === true) await keeper?.stop();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

async function firstLine(child: ChildProcess): Promise<unknown> {
  if (!child.stdout) throw new Error("no stdout");
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the front ended with ${code}`);
    }),
  ]);
  return JSON.parse(String(line));
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  // The engine waits for a query that still runs.
  const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exit;
  clearTimeout(patience);
}

/** A ZooKeeper, and the configuration file by which an engine finds it. */
export interface Keeper {
  port: number;
  config: string;
  /** An outage: it takes connections and says nothing. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const jars = "/usr/share/java";

/** Debian's `zookeeper` package, or its Java, is missing: undefined if there is a ZooKeeper to start. */
export function keeperIsMissing(): string | undefined {
  if (!existsSync(join(jars, "zookeeper.jar")))
    return "no ZooKeeper: apt-get install --no-install-recommends zookeeper";
  if (spawnSync("java", ["-version"]).status !== 0) return "no java for ZooKeeper";
  return undefined;
}

export async function startKeeper(): Promise<Keeper> {
  const missing = keeperIsMissing();
  if (missing) throw new Error(missing);
  const folder = mkdtempSync(join(tmpdir(), "numbers-keeper-"));
  const port = await freePort();
  const settings = [
    "tickTime=500",
    `dataDir=${join(folder, "data")}`,
    `clientPort=${port}`,
    "clientPortAddress=127.0.0.1",
    "admin.enableServer=false",
    "4lw.commands.whitelist=ruok",
  ];
  writeFileSync(join(folder, "zoo.cfg"), `${settings.join("\n")}\n`);
  const config = join(folder, "keeper.xml");
  writeFileSync(
    config,
    `<clickhouse>
  <keeper_map_path_prefix>/keeper_map</keeper_map_path_prefix>
  <zookeeper><node><host>127.0.0.1</host><port>${port}</port></node></zookeeper>
</clickhouse>
`,
  );
  const path = readdirSync(jars).filter((name) => name.endsWith(".jar"));
  const child = spawn(
    "java",
    [
      "-Xmx128m",
      "-cp",
      path.map((name) => join(jars, name)).join(":"),
      "org.apache.zookeeper.server.quorum.QuorumPeerMain",
      join(folder, "zoo.cfg"),
    ],
    { stdio: "ignore" },
  );
  process.once("exit", () => child.kill("SIGKILL"));
  for (let left = 300; !(await answers(port)); left--) {
    if (left === 0 || child.exitCode !== null) throw new Error("ZooKeeper did not start");
    await wait(100);
  }
  return {
    port,
    config,
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    async stop() {
      await ended(child, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  // One that is just starting may take a connection and never say a word on it.
  socket.setTimeout(2_000, () => socket.destroy(new Error("no answer")));
  try {
    socket.end("ruok");
    let text = "";
    for await (const part of socket) text += part;
    return text === "imok";
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
