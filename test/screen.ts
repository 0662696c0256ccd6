/**
 * What a person sees: the real binary in a real pseudo-terminal, its bytes turned into a screen by a terminal's own
 * engine. Nothing of the runner's environment reaches it but the path.
 */
import { resolve } from "node:path";
import xterm from "@xterm/headless";
import { binary, morning, type Workdir } from "./workdir.ts";

/** Why no pseudo-terminal can be had here, or undefined. A test that needs one is skipped then, and says so. */
export const noTerminal = await findReason();

if (noTerminal !== undefined) process.stderr.write(`screens are not tested: ${noTerminal}\n`);

async function findReason(): Promise<string | undefined> {
  try {
    const { spawn } = await import("@lydell/node-pty");
    spawn("/bin/sh", ["-c", "exit 0"], {});
    return undefined;
  } catch (error) {
    return `no pseudo-terminal can be had here (${error instanceof Error ? error.message : error})`;
  }
}

export type ScreenOptions = {
  readonly dir: Workdir;
  /** 80 unless said, and 24 rows. */
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What a shell is told behind the command: `< list.csv`, `> out.csv`, `2>&-`. The rest stays with the terminal. */
  readonly redirect?: string;
};

export type Screen = {
  /** From the first line to the last one written to, as far as it scrolled; without the blanks at their ends. */
  readonly lines: readonly string[];
  /** The same before the terminal broke what was longer than its width. */
  readonly unbroken: readonly string[];
  /** All that came, with colours and cursor codes. */
  readonly bytes: string;
  readonly code: number;
};

export type OpenScreen = {
  /** The screen as it is now. */
  look(): Promise<readonly string[]>;
  /** Resolves when the screen is so, and to its lines; rejects when the command ends before. */
  until(isSo: (lines: readonly string[]) => boolean): Promise<readonly string[]>;
  /** Types: `\x03` is Ctrl-C. */
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  readonly ended: Promise<Screen>;
};

/** Runs `numbers` with `args` in a terminal, to its end. */
export async function screenOf(args: readonly string[], options: ScreenOptions): Promise<Screen> {
  return (await openScreen(args, options)).ended;
}

/** Starts `numbers` with `args` in a terminal that can be looked at meanwhile. */
export function openScreen(args: readonly string[], options: ScreenOptions): Promise<OpenScreen> {
  const { redirect } = options;
  const command = [process.execPath, binary, ...args];
  if (redirect === undefined) return openTerminal(command, options);
  return openTerminal(["/bin/sh", "-c", `exec "$0" "$@" ${redirect}`, ...command], options);
}

/**
 * Runs a command, says with what it ended, and stays: once the last process has left a terminal, what was not read of it
 * may be lost.
 */
const attendant = `trap : INT; "$@"; printf '\\033]0;ended %s\\007' "$?"; read -r _`;
const farewell = /\p{Cc}\]0;ended (\d+)\p{Cc}/u;

/** Starts any command in a terminal. */
export async function openTerminal(
  command: readonly string[],
  { dir, columns = 80, rows = 24, env = {} }: ScreenOptions,
): Promise<OpenScreen> {
  const { spawn } = await import("@lydell/node-pty");
  const terminal = new xterm.Terminal({
    ...{ cols: columns, rows, scrollback: 10_000, allowProposedApi: true },
  });
  const child = spawn("/bin/sh", ["-c", attendant, "sh", ...command], {
    ...{ name: env.TERM ?? "xterm-256color", cols: columns, rows, cwd: dir.folder },
    env: {
      PATH: process.env.PATH,
      HOME: dir.folder,
      TMPDIR: process.env.TMPDIR,
      LANG: "C.UTF-8",
      NUMBERS_HOME: dir.home,
      NUMBERS_NOW: morning,
      ...env,
    },
  });
  let bytes = "";
  let isOver = false;
  let hasChanged = () => {};
  const ended = new Promise<Screen>((done) => {
    child.onData((data) => {
      bytes += data;
      terminal.write(data, () => hasChanged());
      const code = farewell.exec(bytes)?.[1];
      if (code === undefined || isOver) return;
      isOver = true;
      bytes = bytes.replace(farewell, "");
      child.kill("SIGKILL");
      terminal.write("", () => {
        done({ ...linesOf(terminal), bytes, code: Number(code) });
        hasChanged();
      });
    });
  });
  const look = async () => {
    await new Promise<void>((written) => terminal.write("", written));
    return linesOf(terminal).lines;
  };
  return {
    look,
    until: async (isSo) => {
      for (;;) {
        const lines = await look();
        if (isSo(lines)) return lines;
        if (isOver) throw new Error(`it ended, and the screen never was so:\n${lines.join("\n")}`);
        await new Promise<void>((done) => {
          hasChanged = done;
        });
      }
    },
    type: (keys) => child.write(keys),
    resize: (wide, high) => {
      terminal.resize(wide, high);
      child.resize(wide, high);
    },
    ended,
  };
}

function linesOf(
  terminal: InstanceType<typeof xterm.Terminal>,
): Pick<Screen, "lines" | "unbroken"> {
  const { active } = terminal.buffer;
  const lines: string[] = [];
  const unbroken: string[] = [];
  for (let index = 0; index < active.length; index += 1) {
    const line = active.getLine(index);
    const next = active.getLine(index + 1);
    lines.push(line?.translateToString(true) ?? "");
    // What goes on in the next line ends with the last column, blanks too.
    const whole = line?.translateToString(next?.isWrapped !== true) ?? "";
    if (line?.isWrapped) unbroken.push(`${unbroken.pop() ?? ""}${whole}`);
    else unbroken.push(whole);
  }
  const isBlank = (line: string | undefined) => line === "";
  while (isBlank(lines.at(-1))) lines.pop();
  while (isBlank(unbroken.at(-1))) unbroken.pop();
  return { lines, unbroken };
}

/** The folder of the screens: a case a file, with what is typed and what is seen. */
export const screens = resolve(import.meta.dirname, "../fixtures/screens");

/**
 * What differs from run to run, made the same: the folder, ids, times taken. Lines that were broken at the width of the
 * terminal are broken there again.
 */
export function steady(
  { unbroken }: Pick<Screen, "unbroken">,
  dir: Workdir,
  columns: number,
): string[] {
  return unbroken.flatMap((line) => {
    const same = line
      .replaceAll(dir.folder, "/work")
      .replaceAll(/\b(20\d{6})-[0-9a-z]{8}\b/g, "$1-xxxxxxxx")
      .replaceAll(/\b\d+(\.\d)? s\b/g, "0.0 s");
    const letters = [...same];
    const pieces: string[] = [];
    do pieces.push(letters.splice(0, columns).join("").trimEnd());
    while (letters.length > 0);
    return pieces;
  });
}
