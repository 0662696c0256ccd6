/**
 * What the values of options and arguments are, by the words that the help has for them: `<file>` is a file wherever it
 * stands. Only the lists of words that the help tells in a sentence are named here. Pure.
 */
import type { Argument, Option } from "commander";
import { blacklistKinds } from "../engine/blacklist.ts";
import { engineNames } from "../engine/names.ts";
import { returnReasons } from "../engine/returns.ts";
import { logFormats } from "../log.ts";
import { formats, phoneFormats, picks } from "../orders/criteria.ts";
import { formats as statsFormats } from "../stats/formats.ts";
import type { NameKind } from "./complete.ts";

export type Meaning =
  | { readonly kind: "files" | "folders" }
  | {
      readonly words?: readonly string[];
      readonly names?: NameKind;
      /** Several with commas. */
      readonly isList?: boolean;
    };

const addedByHand = blacklistKinds.filter((kind) => kind !== "sold");

/** By the option's name, or that behind its command's; then by the word in angle brackets. The first that fits counts. */
const meanings: Readonly<Record<string, Meaning>> = {
  "<file>": { kind: "files" },
  "<files>": { kind: "files" },
  "<folder>": { kind: "folders" },
  "<id>": { names: "order" },

  "--provider <codes>": { names: "provider", isList: true },
  "ingest --provider": { words: ["auto"], names: "provider" },
  "generate --provider": { words: ["mix"], names: "provider" },
  "--provider": { names: "provider" },
  "--customer": { names: "customer" },
  "customer show <name>": { names: "customer" },
  "customer set <name>": { names: "customer" },
  "customer statement <name>": { names: "customer" },
  "--source": { names: "source" },
  "source show <name>": { names: "source" },
  "source set <name>": { names: "source" },
  "--category": { names: "category" },

  "--log-format": { words: logFormats },
  "--engine": { words: engineNames },
  "move --to": { words: engineNames },
  "stats --format": { words: statsFormats },
  "--format": { words: formats },
  "--pick": { words: picks },
  "--phone-format": { words: phoneFormats },
  "--hash-of": { words: phoneFormats },
  "--hash": { words: ["md5", "sha256"] },
  "blacklist add --kind": { words: addedByHand },
  "blacklist remove --kind": { words: addedByHand },
  "--kind": { words: blacklistKinds },
  "--state": { words: ["reserved", "delivered", "cancelled"] },
  "--status": { words: ["active", "suspended"] },
  "order return --reason": { words: returnReasons },
  "--encoding": { words: ["auto", "utf-8", "utf-16", "latin-1", "windows-1252"] },
};

/** What stands for the holder's value in the command named `path`; undefined where nobody can know it, as of a phone. */
export function meaningOf(path: string, holder: Option | Argument): Meaning | undefined {
  if (holder.argChoices) return { words: holder.argChoices };
  const [name, place] =
    "flags" in holder
      ? [holder.long ?? "", /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(holder.flags)?.[1] ?? ""]
      : [undefined, holder.name()];
  if (place.includes("|")) return { words: place.split("|") };
  if (place === "zone") return { words: Intl.supportedValuesOf("timeZone") };
  const keys =
    name === undefined
      ? [`${path} <${place}>`, `<${place}>`]
      : [`${path} ${name}`, `${name} <${place}>`, name, `<${place}>`];
  const key = keys.find((it) => it in meanings);
  return key === undefined ? undefined : meanings[key];
}
