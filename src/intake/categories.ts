/** Which categories the numbers of a source have. */
import { type CategoryNumbers, categoriesMost } from "../engine/categories.ts";
import type { Conversion } from "../engine/duckdb/converter.ts";
import { exitCode, UserError } from "../errors.ts";
import { nameLength } from "../names.ts";
import type { Dialect } from "./dialect.ts";

/** The column that holds each row's category, if one was named. Throws `refused input` for one that is not kept. */
export function categoryColumnOf({ category, hasReasons, names }: Dialect): string | undefined {
  if (category === undefined) return undefined;
  if (hasReasons && category === 0) {
    throw refused(
      "the first column holds the reasons of rejects, which are not kept; name another",
    );
  }
  return names[category];
}

/**
 * Numbers by category, each once whatever its case: of the column where one was named, and `category` for the others.
 * Numbers without any are in none. Throws `refused input` for a column that holds something else than categories, without
 * quoting it: it may hold people's names.
 */
export async function countCategories(
  conversion: Conversion,
  column: string | undefined,
  category: string | undefined,
): Promise<readonly CategoryNumbers[]> {
  if (column === undefined) {
    const numbers = conversion.files.reduce((sum, file) => sum + file.numbers, 0);
    return category === undefined || numbers === 0 ? [] : [{ category, numbers }];
  }
  const { longest, about } = await conversion.measureCategories(column);
  if (longest > nameLength) {
    throw refused(`a value of "${column}" has over ${nameLength} characters; ${noCategories}`);
  }
  // The estimate is good enough to keep millions of names out of the exact count, and not to refuse by.
  const found =
    about > 2 * categoriesMost ? undefined : await conversion.countCategories(column, category);
  if (!found || found.length > categoriesMost) {
    const most = categoriesMost.toLocaleString("en-US");
    throw refused(`"${column}" has more than ${most} different values; ${noCategories}`);
  }
  return found;
}

const noCategories =
  "it is no column of categories: name another, or leave it out. Nothing of the file was kept";

function refused(message: string): UserError {
  return new UserError(exitCode.refusedInput, `--category-column: ${message}`);
}
