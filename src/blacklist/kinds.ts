/** Kinds and owners of lists as the command line names them. Pure. */
import {
  type BlacklistKind,
  blacklistKinds,
  type Hashing,
  type Listing,
} from "../engine/blacklist.ts";
import { usageError } from "../errors.ts";
import { hintFor, unknownWord } from "../nearest.ts";

export type ListFlags = { readonly kind?: string; readonly customer?: string };

/** Why a line of a list is not taken over, beside the reasons that its phone cell or the line itself can have. */
export const listReasons = {
  bad_date: "a date that cannot be read, or is still to come: soon, 31/02/2026",
  no_digest: "a cell that is no digest: 081234567890",
  other_algorithm: "a digest of another length than the algorithm's: 40 digits for md5",
} as const;

/** How a list is declared when it is imported. */
export type ImportListFlags = ListFlags & {
  readonly at?: string;
  readonly reason?: string;
  readonly hash?: string;
  readonly hashOf?: string;
};

/** Throws a usage error that names the known kinds; without a kind, undefined. */
export function parseKind(text: string | undefined): BlacklistKind | undefined {
  if (text === undefined) return undefined;
  const kind = blacklistKinds.find((known) => known === text.toLowerCase());
  if (kind) return kind;
  throw usageError(unknownWord("--kind", text, blacklistKinds));
}

/** The kind, and the customer where the kind has one. Throws a usage error for any other combination. */
export function parseList(flags: ListFlags): {
  readonly kind: BlacklistKind;
  readonly customer: string | undefined;
} {
  const kind = parseKind(flags.kind);
  if (kind === undefined) {
    throw usageError(`--kind: name one of ${blacklistKinds.join(", ")}, such as --kind dnc`);
  }
  checkOwner(kind, flags.customer);
  if (kind === "customer" && flags.customer === undefined) {
    throw usageError("--customer: say whose list it is, such as --customer Acme");
  }
  return { kind, customer: flags.customer };
}

/** The same of a list that numbers are put on by hand; `instead` says what to do about what was sold. */
export function parseListing(flags: ListFlags, instead: string): Listing {
  const { kind, customer } = parseList(flags);
  if (kind === "sold") throw usageError(`--kind sold: ${instead}`);
  return { kind, customer };
}

/** Throws a usage error for a customer of a kind that has none, or what is no name. */
export function checkOwner(kind: BlacklistKind | undefined, customer: string | undefined): void {
  if (customer === undefined) return;
  if (kind !== undefined && kind !== "customer") {
    throw usageError(
      `--customer: a list of kind ${kind} is nobody's own; leave it out, or use --kind customer`,
    );
  }
  if (!/^\S(.{0,98}\S)?$/.test(customer)) {
    throw usageError("--customer: a name has 1 to 100 characters and no blank at its ends");
  }
}

/** Throws a usage error for a reason that is not one line of text. */
export function checkReason(reason: string | undefined): string | undefined {
  if (reason === undefined || /^\S(.{0,198}\S)?$/.test(reason)) return reason;
  throw usageError(
    "--reason: a reason has 1 to 200 characters on one line and no blank at its ends",
  );
}

const algorithms = ["md5", "sha256"] as const;
const forms = ["digits", "e164", "national"] as const;

/** How a list is hashed, if it is. Throws a usage error for half of it. */
export function parseHashing({ hash, hashOf }: ImportListFlags): Hashing | undefined {
  if (hash === undefined && hashOf === undefined) return undefined;
  const algorithm = algorithms.find((known) => known === hash?.toLowerCase());
  const form = forms.find((known) => known === hashOf?.toLowerCase());
  if (!algorithm) {
    throw usageError(
      hash === undefined
        ? "--hash-of: it needs --hash md5 or --hash sha256"
        : unknownWord("--hash", hash, algorithms),
    );
  }
  if (!form) {
    throw usageError(
      hashOf === undefined
        ? "--hash-of: say what was hashed: digits (6281…), e164 (+6281…) or national (081…)"
        : unknownWord("--hash-of", hashOf, forms),
    );
  }
  return { algorithm, form };
}

/** Throws a usage error for options that go with a history alone, or not with one. */
export function checkSold(kind: string, { at, hash, reason }: ImportListFlags): void {
  if (kind !== "sold" && at !== undefined) {
    throw usageError(
      `--at: it says when numbers were sold; a list of kind ${kind} has no such time`,
    );
  }
  if (kind === "sold" && hash !== undefined) {
    throw usageError(
      "--hash: sales are kept by number, so their list cannot be hashed; use --kind dnc or customer",
    );
  }
  if (kind === "sold" && reason !== undefined) {
    throw usageError("--reason: a sale needs none; leave it out");
  }
}

type Owner = { readonly name: string; readonly registered: boolean };

/** The name as it is spelled already, whatever its case; as it was typed when it is new. */
export function spelled(customer: string, owners: readonly Owner[]): string {
  const same = owners.filter(({ name }) => name.toLowerCase() === customer.toLowerCase());
  return (same.find(({ registered }) => registered) ?? same[0])?.name ?? customer;
}

/** Throws a usage error, with the nearest names, unless somebody of that name is known. */
export function requireOwner(customer: string, owners: readonly Owner[]): string {
  const name = spelled(customer, owners);
  if (owners.some((owner) => owner.name === name)) return name;
  const known = owners.map((owner) => owner.name);
  throw usageError(`--customer: "${customer}" has no list. ${hintFor(customer, known)}`);
}

/** What to say when a list is made for somebody who is not registered while others are; undefined if all is well. */
export function strangerWarning(
  customer: string | undefined,
  owners: readonly Owner[],
): string | undefined {
  const registered = owners.filter((owner) => owner.registered).map((owner) => owner.name);
  const isKnown = registered.some((name) => name.toLowerCase() === customer?.toLowerCase());
  if (customer === undefined || isKnown || registered.length === 0) return undefined;
  return (
    `no customer is registered as "${customer}": the list holds for orders under exactly that name. ` +
    hintFor(customer, registered)
  );
}
