import { createClient } from "@clickhouse/client";
import { describe, expect, test } from "vitest";
import { quiet, rowsOf } from "./client.ts";
import { keeperIsMissing, startKeeper, startServer } from "./server.ts";

const missing = keeperIsMissing();

describe.skipIf(missing)(missing ? `KeeperMap: skipped, ${missing}` : "KeeperMap", () => {
  const create =
    "create table locks (name String, owner String) engine = KeeperMap('/locks') primary key name";

  test("two servers, one lock: the second insert of a key fails", async () => {
    const keeper = await startKeeper();
    const servers = await Promise.all([startServer({ keeper }), startServer({ keeper })]);
    const clients = servers.map(({ url }) => createClient({ url, log: quiet }));
    for (const one of clients) await one.command({ query: create });
    const outcomes = await Promise.allSettled(
      clients.map((one, owner) =>
        one.insert({
          table: "locks",
          values: [{ name: "provider", owner: String(owner) }],
          format: "JSONEachRow",
          clickhouse_settings: { keeper_map_strict_mode: 1, async_insert: 0 },
        }),
      ),
    );
    expect(outcomes.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = outcomes.find((one) => one.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "999", type: "KEEPER_EXCEPTION" });
    expect(String(refused?.reason)).toContain("Node exists");
    const winner = String(outcomes.findIndex((one) => one.status === "fulfilled"));
    for (const one of clients)
      expect(await rowsOf(one, "select * from locks")).toEqual([
        { name: "provider", owner: winner },
      ]);
    // Only the owner's own row goes.
    await clients[0]?.command({
      query: "alter table locks delete where name = 'provider' and owner = {owner:String}",
      query_params: { owner: winner },
      clickhouse_settings: { keeper_map_strict_mode: 1 },
    });
    for (const one of clients) expect(await rowsOf(one, "select * from locks")).toEqual([]);
    await Promise.all(clients.map((one) => one.close()));
    await Promise.all(servers.map((one) => one.stop()));
    await keeper.stop();
  });
});
