/** Which sources may be taken from, and what is said of those that may not. Pure. */
import type { Source, SourceTerms } from "./engine/sources.ts";
import { exitCode, UserError, usageError } from "./errors.ts";
import { hintFor } from "./nearest.ts";

/** The terms of a source run to the end of their last day. `day` is the calendar day now, in the home's time zone. */
export function isExpired({ expires }: SourceTerms, day: string): boolean {
  return expires !== undefined && day > expires;
}

/** The source of that name, whatever its case. Throws a usage error with the nearest names. */
export function requireSource(name: string, sources: readonly Source[]): Source {
  const known = sourceCalled(name, sources);
  if (known) return known;
  throw usageError(`there is no source "${name}". ${hintFor(name, namesOf(sources))}`);
}

/** Refuses, by policy, what is not from a registered source whose terms still run. */
export function checkProvenance(
  name: string | undefined,
  sources: readonly Source[],
  day: string,
): void {
  const required = "require_source is on; nothing was read";
  if (name === undefined) {
    throw new UserError(
      exitCode.policy,
      `--source: none is named, and ${required}. Say who supplied it. ${hintFor("", namesOf(sources))}`,
    );
  }
  const source = sourceCalled(name, sources);
  if (!source) {
    throw new UserError(
      exitCode.policy,
      `--source: "${name}" is not registered, and ${required}. ${hintFor(name, namesOf(sources))} ` +
        "A new one is registered with numbers source add NAME",
    );
  }
  if (isExpired(source, day)) {
    throw new UserError(
      exitCode.policy,
      `--source: the terms of "${source.name}" ended with ${source.expires}, and ${required}. ` +
        "Once they are renewed: numbers source set NAME --expires YYYY-MM-DD",
    );
  }
}

function sourceCalled(name: string, sources: readonly Source[]): Source | undefined {
  return sources.find((source) => source.name.toLowerCase() === name.toLowerCase());
}

function namesOf(sources: readonly Source[]): string[] {
  return sources.map(({ name }) => name);
}
