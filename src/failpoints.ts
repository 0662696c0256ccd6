/**
 * Named places between two changes of state, where a test makes the program fail on purpose: it is killed there, gets a
 * signal, or an error of the system. Inert unless `NUMBERS_FAILPOINT` names one:
 *
 *     NUMBERS_FAILPOINT=<name>=<kill|term|int|ENOSPC|EIO>[@<n>]    at the n-th time that it is passed, else the first
 *     NUMBERS_FAILPOINT=*=trace                                    says each one on stderr as it is passed
 *
 * A new one is two lines: its name in the list below and a call where it lies. The fault test (test/faults/) finds by
 * itself which command passes it; if none of its scenarios does, it fails and asks for one.
 */
import { writeSync } from "node:fs";
import { usageError } from "./errors.ts";

/** All of them, by what they belong to, in the order in which they are passed. */
export const failpoints = [
  // A home and its catalog.
  "home.folders-made",
  "home.temporary-made",
  "catalog.created",
  "catalog.view-file-written",
  "catalog.migrated",
  "catalog.checkpointed",
  // Any change of the catalog.
  "transaction.begun",
  "transaction.written",
  "transaction.committed",
  // The same on ClickHouse: written down, made, and done with.
  "change.logged",
  "change.step-made",
  "change.made",
  // The journal, after it.
  "journal.line-written",
  "journal.line-synced",
  "journal.table-written",
  "journal.generation-written",
  "journal.generation-named",
  "journal.older-removed",
  // An import.
  "rejects.written",
  "rejects.synced",
  "rejects.named",
  "import.block-sent", // on ClickHouse
  "import.file-synced",
  "import.folder-made",
  "import.file-renamed",
  "import.files-registered",
  "import.folders-synced",
  "import.source-moved",
  // The sales of an order or a history, beside the database.
  "order.copy-written",
  "order.copy-synced",
  "history.copy-written",
  "history.copy-synced",
  "withdrawal.copy-written",
  "withdrawal.copy-synced",
  "copy.renamed",
  "copy.folder-synced",
  "copy.removed",
  // A delivery, and other files that appear when they are whole.
  "file.written",
  "file.synced",
  "file.ready",
  "file.renamed",
  "file.folders-synced",
  "delivery.disclosed",
  "delivery.arrived",
  // An erasure.
  "key.written",
  "key.synced",
  "key.renamed",
  "erasure.copy-written",
  "erasure.copy-synced",
  "erasure.recorded",
  "erasure.file-written",
  "erasure.rejects-written",
  "erasure.file-renamed",
  "erasure.rejects-renamed",
  "erasure.unnamed-renamed",
  "erasure.folders-synced",
  "doomed.file-removed",
  "doomed.forgotten",
  "renewal.checkpointed",
  "renewal.copied",
  "renewal.synced",
  "renewal.renamed",
  "renewal.folder-synced",
  "erasure.finished",
  // A database that is made anew.
  "rebuild.filled",
  "rebuild.log-renamed",
  "rebuild.old-linked",
  "rebuild.renamed",
  "rebuild.folder-synced",
  "repair.file-removed",
  "repair.copy-written",
  // Small files that are joined.
  "compact.file-written",
  "compact.file-renamed",
  "compact.folders-synced",
  // A backup, and a restore.
  "backup.held",
  "backup.file-written",
  "backup.file-synced",
  "backup.file-renamed",
  "backup.folders-synced",
  "backup.removed",
  "restore.folders-synced",
  "restore.checked",
  "restore.renamed",
  // A home that moves from one engine to the other.
  "move.marked",
  "move.announced",
  "move.carried",
  "move.verified",
  "move.placed",
  "move.arrived",
  "move.noted",
  "move.put-aside",
] as const;

export type Failpoint = (typeof failpoints)[number];

const signals = { kill: "SIGKILL", term: "SIGTERM", int: "SIGINT" } as const;
const failures = {
  ENOSPC: "no space left on device",
  EIO: "i/o error",
} as const;

/** The one thing of this program that is not passed as an argument: it has to reach the middle of everything. */
let strike: ((name: Failpoint) => Promise<void> | undefined) | undefined;

/**
 * Place it between two changes of state. Await it where that is possible, so that a signal is handled before the next
 * change; in synchronous code it is handled as any signal is there, at the next turn.
 */
export function failpoint(name: Failpoint): Promise<void> | undefined {
  return strike?.(name);
}

/** Throws a usage error for what names no failpoint or no action: a test that hits nothing would prove nothing. */
export function armFailpoint(told: string | undefined): void {
  if (!told) return;
  if (told === "*=trace") {
    strike = (name) => say(`failpoint ${name}`);
    return;
  }
  const [, name = "", action = "", times = "1"] =
    /^([^=]+)=(\w+)(?:@([1-9]\d*))?$/.exec(told) ?? [];
  if (!(failpoints as readonly string[]).includes(name)) {
    throw usageError(
      `NUMBERS_FAILPOINT: "${told}" names no failpoint; unset it, or write one of src/failpoints.ts, such as import.file-renamed=kill`,
    );
  }
  const act = actionOf(action);
  if (!act) {
    throw usageError(
      `NUMBERS_FAILPOINT: "${action}" is no action; write ${[...Object.keys(signals), ...Object.keys(failures)].join(", ")}`,
    );
  }
  let left = Number(times);
  strike = (passed) => {
    if (passed !== name) return undefined;
    left -= 1;
    if (left !== 0) return undefined;
    say(`failpoint ${name}: ${action}`);
    return act();
  };
}

function actionOf(action: string): (() => Promise<void> | undefined) | undefined {
  if (action in signals) {
    const signal = signals[action as keyof typeof signals];
    return () => {
      // Nothing else may be under way that keeps the program from ending before the signal comes.
      const alive = setInterval(() => undefined, 1_000);
      const handled = new Promise<void>((done) => process.once(signal, () => setImmediate(done)));
      process.kill(process.pid, signal);
      return handled.finally(() => clearInterval(alive));
    };
  }
  if (action in failures) {
    const words = failures[action as keyof typeof failures];
    return () => {
      throw Object.assign(new Error(`${action}: ${words}, write`), {
        code: action,
        syscall: "write",
      });
    };
  }
  return undefined;
}

/** At once: the next moment may be the last. */
function say(words: string): undefined {
  writeSync(2, `numbers: ${words}\n`);
}
