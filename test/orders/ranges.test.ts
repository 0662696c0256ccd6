/** Sales are looked up in the ranges of an order's candidates: a range that is too narrow would sell numbers twice. */
import { expect, test } from "vitest";
import { createWorkdir } from "../workdir.ts";

/** In some thirty ranges. */
const neighbours = "811 812 813 821 823 851 853 858 878 896 881 832".split(" ");
/** No two next to each other, in three lengths each: more ranges than are scanned apart. */
const apart =
  "811 813 815 817 819 821 823 831 833 838 851 853 855 857 859 877 881 883 885 887 889 895 897 899".split(
    " ",
  );
const providers = "tsel,isat,tri,xl,axis,sf";

/** Valid numbers of 10 to 13 digits behind the 0, around the ends of their ranges, and of every prefix. */
function phones(prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix) =>
    [7, 8, 9]
      .flatMap((length) => {
        const last = "9".repeat(length);
        const middle = "4".repeat(length - 1);
        return [`${"1".padStart(length, "0")}`, `${middle}5`, last.slice(1).concat("8"), last];
      })
      .map((rest) => `0${prefix}${rest}`),
  );
}

function delivered(stdout: string): string[] {
  return stdout.trim().split("\n").slice(1);
}

test.each([
  ["in few ranges", neighbours],
  ["in many ranges", apart],
])(
  "numbers of every prefix and length are sold once, in however many orders: %s",
  async (_how, prefixes) => {
    const dir = createWorkdir();
    const all = phones(prefixes);
    dir.write("a.csv", `phone\n${all.join("\n")}\n`);
    await dir.ok(["ingest", "a.csv"]);
    const { available } = await dir.json(["order", "--provider", providers, "--dry-run"]);
    expect(available).toBe(all.length);

    const order = ["order", "--provider", providers, "--columns", "phone", "-o", "-"];
    const sold: string[] = [];
    for (const [index, pick] of ["random", "oldest", "newest", "random"].entries()) {
      const count = index === 3 ? all.length - sold.length : 31;
      const options = pick === "random" ? ["--seed", String(index)] : [];
      const { stdout } = await dir.ok([
        ...order,
        "--count",
        String(count),
        "--pick",
        pick,
        ...options,
      ]);
      sold.push(...delivered(stdout));
      await dir.checkPromises();
    }
    expect(sold.sort()).toEqual(all.map((phone) => `62${phone.slice(1)}`).sort());
    const none = await dir.run([...order, "--count", "1"]);
    expect(none.code).toBe(4);
    expect(none.stderr).toContain(`${all.length} sold`);
  },
);

test("an order of a few numbers leaves out those that another provider's order took", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", "phone\n081200000001\n081200000002\n085500000001\n");
  await dir.ok(["ingest", "a.csv", "--provider", "xl"]);
  await dir.ok(["order", "--provider", "xl", "--count", "3", "-o", "xl.csv"]);
  dir.write("b.csv", "phone\n081200000001\n081200000002\n081200000003\n");
  await dir.ok(["ingest", "b.csv"]);
  const { stdout } = await dir.ok([
    "order",
    "--provider",
    "tsel",
    "--count",
    "1",
    "--columns",
    "phone",
    "-o",
    "-",
  ]);
  expect(delivered(stdout)).toEqual(["6281200000003"]);
  expect((await dir.run(["order", "--provider", "tsel", "--count", "1", "-o", "-"])).code).toBe(4);
  await dir.checkPromises();
});
