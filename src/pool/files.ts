/** Where a pool file lies and what it is called. Pure. */

/** The path below the home of the n-th file of an import, or of joined files, counted from 1. */
export function poolPath(date: string, provider: string, id: string, n: number): string {
  return `pool/date=${date}/provider=${provider}/${id}-${n}.parquet`;
}

/** The id that a pool file is called by, and the names of others of that id beside it. */
export function namesBeside(path: string): { id: string; name: (n: number) => string } {
  const [, date, provider, id] =
    /^pool\/date=([^/]+)\/provider=([^/]+)\/([^/]+)-\d+\.parquet$/.exec(path) ?? [];
  if (!date || !provider || !id) throw new Error(`${path} is not the name of a pool file`);
  return { id, name: (n) => poolPath(date, provider, id, n) };
}
