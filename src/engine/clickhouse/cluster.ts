/**
 * The statements of one server, as a cluster takes them. The large tables lie in the shards, each row by the hash of its phone,
 * so that what is compared by phone lies on one shard; all others are whole on every server. Pure.
 *
 * No cluster was there to run this on: what is tested is that these are the statements, and that the server's parser takes
 * them. `docs/clickhouse.md` says what that leaves open.
 */
import type { Fragment } from "../statements.ts";
import { identifier, statement, text } from "./statements.ts";

export type Cluster = {
  /** As the servers' `remote_servers` have it. */
  readonly name: string;
  readonly database: string;
};

/** In the shards, under this name and `_local`. */
const sharded = ["pool", "picks", "ledger", "candidates", "blocked"];

const anySharded = sharded.join("|");

/**
 * Inserts are on most replicas before they are answered, one after the other, and reads see them all: else another replica
 * would sell a number again. Sub-queries on a phone stay on their shard.
 */
export const clusterSettings = {
  distributed_product_mode: "local",
  distributed_foreground_insert: 1,
  insert_quorum: "auto",
  insert_quorum_parallel: 0,
  select_sequential_consistency: "1",
  alter_sync: "2",
  distributed_ddl_output_mode: "throw",
} as const;

/** What has to be sent for a statement, in this order. */
export function onCluster(sql: string, cluster: Cluster): readonly string[] {
  const everywhere = ` on cluster ${identifier(cluster.name).sql}`;
  const created = /^create (table|view|database) if not exists (\S+)/.exec(sql);
  if (created) {
    const [head, kind = "", name = ""] = created;
    const rest = sql.slice(head.length);
    if (kind !== "table") return [`${head}${everywhere}${rest}`];
    if (!sharded.includes(name)) return [`${head}${everywhere}${replicated(rest, name, cluster)}`];
    const local = `${head}_local${everywhere}${replicated(rest, name, cluster)}`;
    return [local, distributed(name, cluster)];
  }
  const dropped = new RegExp(`^drop table if exists (${anySharded})\\b(.*)$`, "s").exec(sql);
  if (dropped) {
    const [, name = "", rest = ""] = dropped;
    const drop = (table: string) => sql.replace(`${name}${rest}`, `${table}${everywhere}${rest}`);
    return [drop(name), drop(`${name}_local`)];
  }
  const widened = new RegExp(`^alter table (${anySharded})(?= add column)`);
  if (widened.test(sql)) {
    return [`$1_local${everywhere}`, `$1${everywhere}`].map((table) =>
      sql.replace(widened, `alter table ${table}`),
    );
  }
  const changed = new RegExp(`^(alter table|delete from) (${anySharded})\\b`);
  if (changed.test(sql)) {
    // On each server by itself, which has what it compares by phone.
    const own = sql.replace(changed, `$1 $2_local${everywhere}`);
    return [own.replaceAll(new RegExp(`\\b(from|join) (${anySharded})\\b`, "g"), "$1 $2_local")];
  }
  return [sql.replaceAll(/\bfrom system\.parts\b/g, () => partsOf(cluster))];
}

/** Its engine with a copy on every server; of a sharded table, on those of its shard. */
function replicated(rest: string, name: string, { database }: Cluster): string {
  const isSharded = sharded.includes(name);
  // A replica is one in its shard: where all servers are one shard, it needs the shard's name too.
  const [shard, replica] = isSharded ? ["{shard}", "{replica}"] : ["all", "{shard}-{replica}"];
  const table = isSharded ? `${name}_local` : name;
  const place = text(`/clickhouse/tables/${shard}/numbers/${database}/${table}`).sql;
  return rest
    .replace(/(engine = )(\w*MergeTree)(?:\(([^)]*)\))?/, (_, is, engine, given?: string) => {
      const all = [place, text(replica ?? "").sql, ...(given === undefined ? [] : [given])];
      return `${is}Replicated${engine}(${all.join(", ")})`;
    })
    .replace("non_replicated_deduplication_window", "replicated_deduplication_window");
}

function distributed(name: string, { name: cluster, database }: Cluster): string {
  const local = `${name}_local`;
  const slots: Readonly<Record<string, Fragment>> = {
    table: identifier(name),
    local: { sql: `${identifier(database).sql}.${identifier(local).sql}` },
    cluster: identifier(cluster),
    cluster_text: text(cluster),
    database_text: text(database),
    local_text: text(local),
  };
  return statement("create_distributed", slots).trim();
}

/** The parts of one replica of each shard, under the names that the tables have on one server. */
function partsOf({ name }: Cluster): string {
  const columns = "* replace (replaceRegexpOne(table, '_local$', '') as table)";
  return `from (select ${columns} from cluster(${text(name).sql}, system.parts))`;
}
