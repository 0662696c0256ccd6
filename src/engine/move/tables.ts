/** The tables of the catalog as both engines have them: what a column becomes on its way, and what is compared in the end. */
import {
  statement as clickhouseStatement,
  identifier as inClickhouse,
} from "../clickhouse/statements.ts";
import { statement as duckdbStatement, identifier as inDuckdb } from "../duckdb/statements.ts";
import { type Fragment, fragment, joined } from "../statements.ts";

/**
 * What a column holds. `named`: text that is null here and empty there, as it is part of a key there. `counted`: null, from
 * before the column was there, is 0. `place`: of the row, where the other engine has none of its own. `own`: of the file
 * that was written here, and of no other.
 */
type Kind =
  | "text"
  | "named"
  | "json"
  | "whole"
  | "counted"
  | "instant"
  | "day"
  | "flag"
  | "money"
  | "list"
  | "digest"
  | "place"
  | "own bytes"
  | "own sum";

export type Table = {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, kind: Kind])[];
  /** Columns by which its rows come back in their order. */
  readonly order: readonly string[];
};

function table(name: string, order: string, columns: Readonly<Record<string, Kind>>): Table {
  return { name, columns: Object.entries(columns), order: order.split(" ") };
}

/** All but the rows of the pool, the ledger and what orders picked. `meta` is the last: it has the head of the audit log. */
export const tables: readonly Table[] = [
  table("imports", "sequence", {
    import_id: "text",
    sequence: "whole",
    content_hash: "text",
    content_bytes: "whole",
    file_bytes: "whole",
    path: "text",
    source: "text",
    category: "text",
    category_column: "text",
    date: "day",
    imported_at: "instant",
    recorded_at: "instant",
    lines: "whole",
    accepted: "whole",
    rejected: "whole",
    numbers: "whole",
    mismatched: "whole",
    reasons: "json",
    forced: "flag",
    erased: "counted",
    pruned: "counted",
  }),
  table("pool_files", "sequence path", {
    path: "text",
    import_id: "text",
    provider: "text",
    date: "day",
    imported_at: "instant",
    sequence: "whole",
    synthetic: "flag",
    numbers: "whole",
    bytes: "own bytes",
    columns: "list",
    phone_column: "text",
    erased: "counted",
    sum: "own sum",
  }),
  table("orders", "sequence", {
    order_id: "text",
    sequence: "place",
    key: "text",
    state: "text",
    providers: "list",
    customer: "text",
    synthetic: "flag",
    requested: "whole",
    numbers: "whole",
    criteria: "json",
    excluded: "json",
    reserved_at: "instant",
    delivered_at: "instant",
    cancelled_at: "instant",
    disclosed: "flag",
    keeps_cooldown: "flag",
    output: "text",
    bytes: "whole",
    sha256: "text",
    withdrawn: "counted",
    erased: "counted",
    price: "money",
    files: "json",
    pruned_at: "instant",
  }),
  table("order_files", "order_id path", {
    order_id: "text",
    path: "text",
    provider: "text",
    date: "day",
    numbers: "whole",
  }),
  table("suppression", "phone kind customer", {
    phone: "whole",
    kind: "text",
    customer: "named",
    reason: "text",
    added_at: "instant",
    until: "instant",
  }),
  table("suppressed_digests", "digest kind customer", {
    digest: "digest",
    algorithm: "text",
    form: "text",
    kind: "text",
    customer: "named",
    reason: "text",
    added_at: "instant",
    until: "instant",
  }),
  table("customers", "added_at name", {
    name: "text",
    daily_cap: "whole",
    monthly_cap: "whole",
    price: "money",
    never_twice: "flag",
    suspended: "flag",
    added_at: "instant",
  }),
  table("sources", "added_at name", {
    name: "text",
    basis: "text",
    contact: "text",
    expires: "day",
    added_at: "instant",
  }),
  table("import_categories", "import_id category", {
    import_id: "text",
    category: "text",
    numbers: "whole",
  }),
  table("returns", "returned_at return_id", {
    return_id: "text",
    order_id: "text",
    reason: "text",
    numbers: "whole",
    price: "money",
    credit: "money",
    returned_at: "instant",
  }),
  table("returned", "order_id phone", { phone: "whole", order_id: "text", return_id: "text" }),
  table("erasures", "erased_at erasure_id digest", {
    erasure_id: "text",
    digest: "digest",
    reason: "text",
    erased_at: "instant",
    finished_at: "instant",
  }),
  table("audit", "sequence", {
    sequence: "whole",
    done_at: "instant",
    actor: "text",
    action: "text",
    subject: "text",
    details: "json",
    previous: "text",
    hash: "text",
  }),
  table("meta", "key", { key: "text", value: "text" }),
];

/** Where the rows of a table are read: of `meta` those that are of one engine alone stay where they are. */
export function sourceIn(engine: "duckdb" | "clickhouse", { name }: Table): Fragment {
  const [identifier, statement] =
    engine === "duckdb" ? [inDuckdb, duckdbStatement] : [inClickhouse, clickhouseStatement];
  return name === "meta" ? { sql: `(${statement("moved_meta")})` } : identifier(name);
}

/** The table that its rows are inserted into on the server. */
export function tableThere({ name }: Table): Fragment {
  return inClickhouse(name);
}

/** The columns as a Parquet file takes them from the embedded engine. */
export function columnsOut({ columns }: Table): Fragment {
  return list(columns, (name, kind) => {
    const column = inDuckdb(name);
    if (kind === "place") return fragment`rowid + 1 as ${column}`;
    if (kind === "named" || kind === "own sum")
      return fragment`coalesce(${column}, '') as ${column}`;
    if (kind === "counted") return fragment`coalesce(${column}, 0) as ${column}`;
    // Parquet has no integers of 128 bits.
    if (kind === "json" || kind === "digest") return fragment`${column}::varchar as ${column}`;
    return column;
  });
}

/** The names of the columns, for what is inserted on the server. */
export function columnsThere({ columns }: Table): Fragment {
  return list(columns, (name) => inClickhouse(name));
}

/** The columns as a Parquet file takes them from the server; places are only the order there. */
export function columnsBack({ columns }: Table): Fragment {
  return list(
    columns.filter(([, kind]) => kind !== "place"),
    (name, kind) => {
      const column = inClickhouse(name);
      if (kind === "named" || kind === "own sum")
        return fragment`nullIf(${column}, '') as ${column}`;
      if (kind === "digest") return fragment`toString(${column}) as ${column}`;
      return column;
    },
  );
}

export function orderBack({ order }: Table): Fragment {
  return list(
    order.map((name) => [name, "text"] as const),
    (name) => inClickhouse(name),
  );
}

/** A row as one text, the same from both engines: each value behind the number of its bytes, `-` for none. */
export function rowIn(engine: "duckdb" | "clickhouse", { columns }: Table): Fragment {
  const compared = columns.filter(([, kind]) => kind !== "place" && !kind.startsWith("own"));
  if (engine === "duckdb") {
    const texts = compared.map(([name, kind]) => textHere(inDuckdb(name), kind));
    return joined(
      texts.map((text) => fragment`coalesce(strlen(${text}) || ':' || ${text}, '-')`),
      " || ",
    );
  }
  const texts = compared.map(([name, kind]) => textThere(inClickhouse(name), kind));
  const values = texts.map(
    (text) => fragment`ifNull(concat(toString(length(${text})), ':', ${text}), '-')`,
  );
  return fragment`concat(${joined(values, ", ")}, '')`;
}

function textHere(column: Fragment, kind: Kind): Fragment {
  if (kind === "text") return column;
  if (kind === "named") return fragment`nullif(${column}, '')`;
  if (kind === "counted") return fragment`coalesce(${column}, 0)::varchar`;
  if (kind === "instant") return fragment`epoch_ms(${column})::varchar`;
  if (kind === "flag") return fragment`${column}::integer::varchar`;
  if (kind === "list") return fragment`array_to_string(${column}, chr(31))`;
  return fragment`${column}::varchar`;
}

function textThere(column: Fragment, kind: Kind): Fragment {
  if (kind === "text" || kind === "json") return column;
  if (kind === "named") return fragment`nullIf(${column}, '')`;
  if (kind === "instant") return fragment`toString(toUnixTimestamp64Milli(${column}))`;
  if (kind === "flag") return fragment`toString(toUInt8(${column}))`;
  if (kind === "money") return fragment`toDecimalString(${column}, 2)`;
  if (kind === "list") return fragment`arrayStringConcat(${column}, char(31))`;
  return fragment`toString(${column})`;
}

function list(columns: Table["columns"], write: (name: string, kind: Kind) => Fragment): Fragment {
  return joined(
    columns.map(([name, kind]) => write(name, kind)),
    ", ",
  );
}
