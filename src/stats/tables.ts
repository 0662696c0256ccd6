/** The report's figures in order: providers as so many series as there are colours, days by series as a table. Pure. */
import { compareDays } from "../days.ts";
import { coloursMost } from "./page-data.ts";

export type Table = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** A number of a day and a series. Undefined: of days that are not told apart. */
export type Cell = {
  readonly day: string | undefined;
  readonly place: number;
  readonly value: number;
};

export type Series = {
  readonly names: readonly string[];
  /** Adds up values by day and series, sorted by both. */
  add(
    rows: readonly {
      readonly day: string | undefined;
      readonly provider: string;
      readonly value: number;
    }[],
  ): Cell[];
};

/** A series for each provider, the largest first; where there are more than colours, the last one is for the others. */
export function seriesOf(
  rows: readonly { readonly provider: string; readonly numbers: number }[],
): Series {
  const sums = new Map<string, number>();
  for (const { provider, numbers } of rows) {
    sums.set(provider, (sums.get(provider) ?? 0) + numbers);
  }
  const providers = [...sums.keys()].sort(
    (one, other) => (sums.get(other) ?? 0) - (sums.get(one) ?? 0) || (one < other ? -1 : 1),
  );
  const told = providers.length > coloursMost ? coloursMost - 1 : providers.length;
  const rest = providers.length - told;
  const places = new Map(providers.map((provider, place) => [provider, Math.min(place, told)]));
  return {
    names: [...providers.slice(0, told), ...(rest > 0 ? [`${rest} more`] : [])],
    add: (values) => {
      const cells = new Map<string, Cell>();
      for (const { day, provider, value } of values) {
        const place = places.get(provider) ?? 0;
        const key = `${day ?? ""} ${place}`;
        cells.set(key, { day, place, value: (cells.get(key)?.value ?? 0) + value });
      }
      return [...cells.values()].sort(
        (one, other) => compareDays(one.day ?? "", other.day ?? "") || one.place - other.place,
      );
    },
  };
}

/**
 * Cells as a table with a column for each series that has any. Rows stand in the order of the cells, days with the newest
 * first.
 */
export function pivot<Shown extends Cell & { readonly row: string }>(given: {
  readonly head: string;
  readonly series: readonly string[];
  readonly cells: readonly Shown[];
  show(cell: Cell | Shown): string;
  /** The title of a last column with the row's sum; undefined: none. */
  readonly total?: string;
}): Table {
  const { head, series, cells, show, total } = given;
  const rows = new Map<string, Map<number, Shown>>();
  for (const cell of cells) {
    const row = rows.get(cell.row) ?? new Map<number, Shown>();
    const value = cell.value + (row.get(cell.place)?.value ?? 0);
    rows.set(cell.row, row.set(cell.place, { ...cell, value }));
  }
  const places = [...new Set(cells.map(({ place }) => place))].sort((one, other) => one - other);
  const hasTotal = total !== undefined && places.length > 1;
  const lines = [...rows].map(([name, row]) => {
    const shown = places.map((place) => {
      const cell = row.get(place);
      return cell === undefined ? "" : show(cell);
    });
    const value = [...row.values()].reduce((sum, cell) => sum + cell.value, 0);
    return [name, ...shown, ...(hasTotal ? [show({ day: undefined, place: -1, value })] : [])];
  });
  const isByDay = cells.some(({ day }) => day !== undefined);
  return {
    head: [head, ...places.map((place) => series[place] ?? ""), ...(hasTotal ? [total] : [])],
    rows: isByDay ? lines.reverse() : lines,
  };
}
