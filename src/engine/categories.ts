/** What numbers are for: a category of a whole file, or of each row by a column. */

/** At most this many in a file: a column with more holds something else, such as names. */
export const categoriesMost = 1_000;

export type CategoryNumbers = {
  readonly category: string;
  readonly numbers: number;
};

/** Of the pool, each once whatever its case, most numbers first; numbers without a category are in none. */
export type Categories = readonly (CategoryNumbers & { readonly imports: number })[];

export type CategoryVerbs = {
  readCategories(): Promise<Categories>;
};
