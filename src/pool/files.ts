/** Where a pool file lies and what it is called. Pure. */

/** The path below the home of the n-th file of an import, files counted from 1. */
export function poolPath(date: string, provider: string, importId: string, n: number): string {
  return `pool/date=${date}/provider=${provider}/${importId}-${n}.parquet`;
}
