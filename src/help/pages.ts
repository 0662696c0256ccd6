/**
 * What stands under the options in the help of each command, in docs/cli.md and in the manual: what else is worth
 * knowing, examples, and the exit codes that this command can end with. Pure data, by the command's words.
 */
import { type ExitCode, exitCode } from "../errors.ts";
import { settingWords, tableWords } from "./settings.ts";

export type Item = { readonly term: string; readonly words: string };
export type Section = { readonly title: string; readonly items: readonly Item[] };

export type Page = {
  /** A short paragraph, where the sentence above the options leaves something out. */
  readonly about?: string;
  /** What is no option and has to be looked up all the same. */
  readonly more?: Section;
  /** Two or more command lines that work as they stand in a home that holds what they name. */
  readonly examples: readonly string[];
  /** What each code means for this command. A command that only has commands ends with what these end with. */
  readonly exits?: Readonly<Partial<Record<ExitCode, string>>>;
};

const { done, unexpected, usage, refusedInput, shortage, integrity, busy, undelivered, policy } =
  exitCode;
const { interrupted, terminated } = exitCode;

/** Of every command. */
const always = {
  [done]: "done",
  [unexpected]: "unexpected failure, or a full disk; --debug shows where",
  [usage]: "usage or configuration; the message says what is accepted",
  [interrupted]: "interrupted; nothing half done was kept",
  [terminated]: "interrupted; nothing half done was kept",
};

/** Of every command that opens the home. */
const inHome = {
  ...always,
  [integrity]: "an integrity check failed; numbers doctor says more",
  [busy]: "busy: the lock was not free within --lock-timeout",
};

const notDelivered = {
  [undelivered]: "reserved but not delivered: numbers order export ID -o FILE",
  [interrupted]: "interrupted; an order that was reserved is named",
  [terminated]: "interrupted; an order that was reserved is named",
};

/** All codes there are; `numbers` itself stands for every command. */
const all = {
  ...inHome,
  [refusedInput]: "input refused or partly failed",
  [shortage]: "not enough numbers, nothing sold",
  [undelivered]: "reserved but not delivered: numbers order export ID -o FILE",
  [policy]: "refused by policy; the message says which",
};

/** Whoever types a number leaves it in the shell's history. */
const unseen = "A - reads them from standard input, so that none stays in the shell's history.";

export const pages: Readonly<Record<string, Page>> = {
  numbers: {
    about:
      "stdout is data, stderr is talk. A flag wins over a variable (NUMBERS_WITHIN=7d), a variable over config.toml in the home.",
    examples: [
      "numbers ingest list.csv",
      "numbers order --provider tsel --count 1000 -o out.csv",
      "numbers stats",
    ],
    exits: all,
  },
  ingest: {
    about:
      "Content that is in the pool already is skipped, whatever its file is called. Rejected lines go to a file of their own, to be corrected and ingested.",
    examples: [
      "numbers ingest list.csv --source Sumber --category retail",
      "numbers ingest --min-age 2m --move-to /srv/inbox/done /srv/inbox",
    ],
    exits: {
      ...inHome,
      [refusedInput]: "a file was refused or failed; the others are in",
      [policy]: "require_source is on, and the source is not registered or has ended",
    },
  },
  order: {
    about:
      "All or nothing: with too few numbers nothing is sold, unless --allow-partial is there. A script gives each order a --key, and repeats it without selling twice.",
    examples: [
      "numbers order --provider tsel --count 1000 -o out.csv",
      "numbers order --provider isat --count 500 --customer Acme --key A17 -o a.csv",
      "numbers order --provider tsel --dry-run",
    ],
    exits: {
      ...inHome,
      ...notDelivered,
      [shortage]: "not enough numbers, nothing sold",
      [policy]: "a cap, a suspended customer, or synthetic numbers only",
    },
  },
  "order list": {
    examples: [
      "numbers order list --state reserved",
      "numbers order list --customer Acme --since 2026-11-01",
    ],
    exits: inHome,
  },
  "order show": {
    examples: [
      "numbers order show 20261120-xxg4xnxm",
      "numbers order show 20261120-xxg4xnxm --json",
    ],
    exits: inHome,
  },
  "order export": {
    examples: [
      "numbers order export 20261120-xxg4xnxm -o again.csv",
      "numbers order export 20261120-xxg4xnxm --manifest -o again.csv",
    ],
    exits: {
      ...inHome,
      ...notDelivered,
      [shortage]: "none of its numbers is left: all were suppressed since",
    },
  },
  "order cancel": {
    examples: [
      "numbers order cancel 20261120-xxg4xnxm",
      "numbers order cancel 20261120-xxg4xnxm --disclosed",
    ],
    exits: inHome,
  },
  "order return": {
    examples: [
      "numbers order return 20261120-xxg4xnxm returned.csv --reason disconnected",
      "numbers order return 20261120-xxg4xnxm returned.csv --reason other --json",
    ],
    exits: {
      ...inHome,
      [refusedInput]: "the list was refused; nothing was taken back",
      [policy]: "too late, too many, or the order's sales were pruned",
    },
  },
  blacklist: {
    examples: ["numbers blacklist import dnc.csv --kind dnc", "numbers blacklist list"],
  },
  "blacklist import": {
    about:
      "Each number counts once, however often it is imported. A list of digests holds for the numbers of the pool and for all that come later.",
    examples: [
      'numbers blacklist import dnc.csv --kind dnc --reason "national list"',
      "numbers blacklist import list.csv --kind customer --customer Acme",
    ],
    exits: { ...inHome, [refusedInput]: "the list was refused; nothing was imported" },
  },
  "blacklist add": {
    about: unseen,
    examples: [
      'numbers blacklist add 081200000001 --kind dnc --reason "asked by mail"',
      "numbers blacklist add +6281200000002 --kind invalid --reason bounced",
    ],
    exits: inHome,
  },
  "blacklist remove": {
    about: unseen,
    examples: [
      "numbers blacklist remove 081200000001 --kind dnc",
      "numbers blacklist remove 0812-0000-0002 --kind invalid",
    ],
    exits: inHome,
  },
  "blacklist list": {
    examples: ["numbers blacklist list", "numbers blacklist list --kind dnc --limit 100"],
    exits: inHome,
  },
  "blacklist export": {
    examples: [
      "numbers blacklist export --kind dnc -o all-dnc.csv",
      "numbers blacklist export --kind customer --customer Acme -o acme.csv.gz",
    ],
    exits: { ...inHome, [undelivered]: "not all of it arrived; export it again" },
  },
  stats: {
    about: "It never changes anything.",
    examples: [
      "numbers stats",
      "numbers stats --available --within 7d",
      "numbers stats --html report.html",
    ],
    exits: inHome,
  },
  search: {
    about:
      "0812… and +62812… mean numbers that begin so; other digits, three or more, stand anywhere in the number.",
    examples: ["numbers search 08120000", "numbers search retail --limit 50"],
    exits: inHome,
  },
  source: {
    examples: [
      "numbers source add Sumber --basis consent --contact budi@example.com",
      "numbers source list",
    ],
  },
  "source add": {
    examples: [
      "numbers source add Sumber --basis consent --contact budi@example.com",
      'numbers source add "Sumber Dua" --basis contract --expires 2027-06-30',
    ],
    exits: inHome,
  },
  "source list": {
    examples: ["numbers source list", "numbers source list --json"],
    exits: inHome,
  },
  "source show": {
    examples: ["numbers source show Sumber", "numbers source show Sumber --json"],
    exits: inHome,
  },
  "source set": {
    about: "What is not named stays as it is.",
    examples: [
      "numbers source set Sumber --expires 2027-12-31",
      "numbers source set Sumber --contact ops@example.com --expires none",
    ],
    exits: inHome,
  },
  generate: {
    about: "order sells such numbers only with --synthetic, and never mixed with real ones.",
    examples: [
      "numbers generate --rows 10000 -o list.csv",
      "numbers generate --size 5MB --provider tsel --dirty 0 --seed 7 -o clean.csv",
    ],
    exits: always,
  },
  customer: {
    examples: [
      "numbers customer add Acme --price 150000",
      "numbers customer statement Acme --month 2026-11",
    ],
  },
  "customer add": {
    about:
      "From the first customer on, orders for anybody else are refused. Without --price it gets the price of config.toml, if there is one.",
    examples: [
      "numbers customer add Acme --price 150000 --monthly-cap 1000000",
      'numbers customer add "Toko Budi" --daily-cap 5000 --never-twice',
    ],
    exits: inHome,
  },
  "customer list": {
    examples: ["numbers customer list", "numbers customer list --json"],
    exits: inHome,
  },
  "customer show": {
    examples: ["numbers customer show Acme", "numbers customer show Acme --json"],
    exits: inHome,
  },
  "customer set": {
    about: "What is not named stays as it is, and past orders keep their price.",
    examples: [
      "numbers customer set Acme --daily-cap 50000",
      "numbers customer set Acme --price 12.50 --monthly-cap none",
    ],
    exits: inHome,
  },
  "customer statement": {
    about:
      "Its delivered orders stand under the day they were made; what it gave back is taken off.",
    examples: [
      "numbers customer statement Acme",
      "numbers customer statement Acme --month 2026-11 -o statement.csv",
    ],
    exits: inHome,
  },
  audit: { examples: ["numbers audit show", "numbers audit verify"] },
  "audit show": {
    about: "No phone number stands in it.",
    examples: ["numbers audit show --limit 100", "numbers audit show --action order.cancel"],
    exits: inHome,
  },
  "audit verify": {
    examples: ["numbers audit verify", "numbers audit verify --json"],
    exits: { ...inHome, [integrity]: "an entry was changed, added or taken away; it is named" },
  },
  lookup: {
    about: unseen,
    examples: [
      "numbers lookup 081200000001",
      "numbers lookup 0812-0000-0001 +6281200000002 --json",
    ],
    exits: inHome,
  },
  erase: {
    about: `A keyed hash keeps them out of every later list, for ever. ${unseen}`,
    examples: ['numbers erase 081200000001 --reason "asked by mail"', "numbers erase --resume"],
    exits: {
      ...inHome,
      [interrupted]: "interrupted; numbers erase --resume finishes what was begun",
      [terminated]: "interrupted; numbers erase --resume finishes what was begun",
    },
  },
  compact: {
    about:
      "Orders, stats and search open fewer files then. What orders take and deliver stays the same, and others work on meanwhile.",
    examples: ["numbers compact", "numbers compact --dry-run"],
    exits: inHome,
  },
  doctor: {
    examples: ["numbers doctor", "numbers doctor --repair"],
    exits: { ...inHome, [integrity]: "a promise is broken, or the database is damaged" },
  },
  prune: {
    about:
      "A day stays when any part of it lies inside the window: days of the pool in the home's time zone, those of the ledger in UTC. Sales inside a cooldown, reserved orders, orders that can still be returned, what a customer who never has a number twice has had, and all suppression stay. An order older than --ledger stays in the list, with its counts, but can not be exported any more; without --drop-exports the days of the pool that younger orders came from stay.",
    examples: [
      "numbers prune --pool 7d --ledger 400d --dry-run",
      "numbers prune --pool 7d --ledger 400d --drop-exports --quiet",
    ],
    exits: inHome,
  },
  backup: {
    about:
      "The first time all is copied, later what is new. A backup holds what the home held at one moment, without the database: a restore makes it anew from the rest. It holds phone numbers; whoever was erased since leaves it with the next backup into the same folder.",
    examples: ["numbers backup /mnt/backup/numbers", "numbers backup --verify /mnt/backup/numbers"],
    exits: {
      ...inHome,
      [integrity]: "a file of the home, or with --verify of the backup, is damaged",
      [busy]: "busy: the home's lock, or another backup into this folder",
      [interrupted]: "interrupted; the earlier backup is whole",
      [terminated]: "interrupted; the earlier backup is whole",
    },
  },
  restore: {
    about:
      "What was done after the backup is not in it: numbers sold since would be sold a second time. Where the folder ledger of the lost home is still there, --ledger takes the sales from it; whoever was suppressed or erased since must be suppressed or erased again.",
    examples: [
      "numbers restore /mnt/backup/numbers --home /srv/numbers",
      "numbers restore /mnt/backup/numbers --home /srv/new --ledger /mnt/lost/ledger",
    ],
    exits: {
      ...inHome,
      [integrity]: "the backup is damaged; nothing was restored",
      [busy]: "busy: a backup into this folder is being made",
      [interrupted]: "interrupted; the home is as empty as it was",
      [terminated]: "interrupted; the home is as empty as it was",
    },
  },
  move: {
    about:
      "Nothing is sold while it runs, and until it has proved by counts and checksums that both sides hold the same. Cut off, the same command goes on where it was; --cancel gives it up. What was there before is kept, in a folder of the home or in the database, and holds phone numbers: delete it when all is well. To bring the numbers into another home, copy erasure.key there first.",
    examples: [
      "numbers move --to clickhouse --clickhouse-url chdb:/srv/ch",
      "numbers move --to duckdb --clickhouse-url chdb:/srv/ch",
    ],
    exits: {
      ...inHome,
      [integrity]: "the two sides differ, or the home is damaged; nothing is sold",
      [busy]: "busy: a lock was not free, or the server does not answer; try again",
      [interrupted]: "interrupted; the same command goes on where it was",
      [terminated]: "interrupted; the same command goes on where it was",
    },
  },
  completion: {
    about:
      "For good, write the script where the shell looks for it: completions/numbers below ~/.local/share/bash-completion, _numbers in a folder of zsh's fpath, numbers.fish in ~/.config/fish/completions. For one shell: source <(numbers completion bash). It asks numbers at the Tab key, so that new orders and customers are there at once.",
    examples: ["numbers completion bash", "numbers completion fish"],
    exits: always,
  },
  config: {
    more: {
      title: "Settings, in config.toml in the home or as NUMBERS_WITHIN and so on:",
      items: Object.entries({ ...settingWords, ...tableWords }).map(([term, words]) => ({
        term,
        words,
      })),
    },
    examples: ["numbers config", "numbers config --time-zone Asia/Makassar"],
    exits: always,
  },
};
