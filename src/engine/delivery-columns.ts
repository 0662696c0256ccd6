/** The columns of a delivery, as the order wants them. Pure. */
import type { Layout } from "./engine.ts";

/** A column of the delivery: the phone, or a column of the sources. */
export type Column = {
  readonly source: "phone" | { readonly name: string };
  readonly as: string;
};

/** The phone first; a source's own column of that name gets another. */
function allColumns(union: readonly string[]): Column[] {
  const taken = new Set(["phone", ...union.map((name) => name.toLowerCase())]);
  const columns = union.map((name) => {
    let as = name;
    for (let n = 2; as.toLowerCase() === "phone"; n += 1) {
      if (!taken.has(`phone_${n}`)) as = `phone_${n}`;
    }
    return { source: { name }, as };
  });
  return [{ source: "phone", as: "phone" }, ...columns];
}

/** What a delivery has, in order; `union`: the columns of all its files. */
export function columnsOf({ columns }: Layout, union: () => readonly string[]): Column[] {
  if (columns === "all") return allColumns(union());
  return columns.map(({ name, as }) => ({
    source: name === "phone" ? "phone" : { name },
    as,
  }));
}

/** What the macro `safe_cell` is for cells. */
export function safeTitle(title: string): string {
  return /^[-=+@\t\r\n\0＝＋－＠]/.test(title) ? `'${title}` : title;
}
