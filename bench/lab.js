// @ts-check
/** What a case gets to work with: sizes, a folder of its own, our program and the peers as measured processes. */
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { binary, count, measure } from "./measure.js";

/**
 * @typedef {import("./measure.js").Measured} Measured
 * @typedef {import("./measure.js").Times} Times
 * @typedef {Times & { stepSeconds?: number, storedBytes?: number }} Figures `stepSeconds`: of the part that is compared
 * @typedef {() => Promise<Figures>} Contestant does its work once, checks the answer, and only then says what it took
 */

/**
 * One line of the table: a contestant, and another that it is compared with in the same round, or a limit of its own.
 * @typedef {object} Line
 * @property {string} title
 * @property {string} ours
 * @property {string} [peer]
 * @property {string} of the contestant
 * @property {string} [against] the contestant it is compared with
 * @property {Exclude<keyof Figures, "stdout">} [figure] what is compared; the seconds of the whole process unless it says so
 * @property {number} [goal] the ratio it may reach at most, or without a peer the figure
 * @property {boolean} [isForAnySize] the goal is not only for the full sizes
 */

/**
 * @typedef {object} Prepared
 * @property {Record<string, Contestant>} contestants a peer that is not there is not among them
 * @property {() => readonly string[]} [facts] what to know about the data, once all has run
 * @property {number} [runs] if not as often as the others
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {readonly Line[]} lines
 * @property {string} checked what is compared before a time counts
 * @property {boolean} [hasServer] a server runs inside the processes that are measured: its memory has a goal of its own
 * @property {(lab: Lab) => Promise<Prepared>} prepare
 */

/** @typedef {ReturnType<ReturnType<typeof createLabs>>} Lab */

/**
 * Gives each case a lab: a folder of its own, and what all of them share.
 * @param {string} root a folder that is removed at the end
 * @param {import("./sizes.js").Sizes} sizes
 * @param {{ hasGuests: boolean, skipped: Set<string> }} options
 *   `hasGuests`: peers that are installed apart take part; `skipped` gets what does not, and why
 */
export function createLabs(root, sizes, { hasGuests, skipped }) {
  const threads = availableParallelism();
  /** @type {Map<string, Promise<unknown>>} */
  const scenes = new Map();

  /** @param {string} caseName */
  return (caseName) => {
    const folder = join(root, `case-${caseName}`);
    /** @type {(() => unknown)[]} */
    const closing = [];

    return {
      sizes,
      threads,
      hasGuests,
      folder,
      /** A path in the folder of the case. */
      at: (/** @type {string} */ file) => join(folder, file),
      say,
      /** Says that a peer is left out, now and on the page. @param {string} what @param {string} why */
      skip(what, why) {
        if (!hasGuests) return;
        say(`SKIPPED: ${what}: ${why}`);
        skipped.add(`${what}: ${why}`);
      },
      /**
       * What several cases share is made once and stays until the end.
       * @template T
       * @param {string} name
       * @param {(folder: string) => Promise<T>} make
       * @returns {Promise<T>}
       */
      scene(name, make) {
        const place = join(root, name);
        if (!scenes.has(name)) {
          mkdirSync(place);
          scenes.set(name, make(place));
        }
        return /** @type {Promise<T>} */ (scenes.get(name));
      },
      /** To be done when the case ends, however it ends. @param {() => unknown} close */
      defer(close) {
        closing.push(close);
      },
      /**
       * @param {readonly string[]} args
       * @param {string} home
       * @param {{ countsReads?: boolean, into?: string }} [options]
       */
      ours: (args, home, options = {}) =>
        measure([binary, ...args, "--threads", String(threads)], { folder, home, ...options }),
      /** @param {string} script @param {object} task */
      peer: (script, task) =>
        measure(
          [join(import.meta.dirname, "peers", script), JSON.stringify({ threads, ...task })],
          {
            folder,
          },
        ),
      /**
       * @template T
       * @param {() => Promise<T>} work
       * @returns {Promise<T>}
       */
      async open(work) {
        mkdirSync(folder);
        try {
          return await work();
        } finally {
          for (const close of closing.reverse()) await close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    };
  };
}

/**
 * All contestants of a case, by turns: each round begins with the next of them, so that none always comes after the same.
 * @param {Lab} lab
 * @param {Case} one
 * @returns {Promise<{ figures: Record<string, Figures[]>, facts: readonly string[] }>}
 */
export function contest(lab, one) {
  return lab.open(async () => {
    say(`${one.name}: preparing`);
    const { contestants, facts, runs = lab.sizes.runs } = await one.prepare(lab);
    const names = Object.keys(contestants);
    /** @type {Record<string, Figures[]>} */
    const figures = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < runs; round += 1) {
      const first = round % names.length;
      const turns = [...names.slice(first), ...names.slice(0, first)];
      say(`${one.name}: round ${round + 1} of ${runs}: ${turns.join(", ")}`);
      for (const name of turns) {
        const taken = await /** @type {Contestant} */ (contestants[name])();
        /** @type {Figures[]} */ (figures[name]).push(taken);
      }
    }
    return { figures, facts: facts?.() ?? [] };
  });
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${count(Math.round(bytes / 1e6))} MB`;
}
