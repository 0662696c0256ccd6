/** Shares in words, in the report and in its page. Pure. */

/** `12.3 %`; what is only nearly nothing, or nearly all, does not look like it. */
export function percent(part: number, all: number): string {
  const share = all === 0 ? 0 : (100 * part) / all;
  if (share > 0 && share < 0.1) return "< 0.1 %";
  if (share > 99.9 && share < 100) return "> 99.9 %";
  return `${share.toLocaleString("en-US", { maximumFractionDigits: 1 })} %`;
}
