// What is to go wrong, in the order in which it was asked for.
export const faults = [];

export function addFaults(asked) {
  const kinds = ["refuse", "lose", "stall", "slow", "cut", "truncate", "fail"];
  for (const one of asked) {
    if (!kinds.includes(one.kind)) throw new Error(`no fault ${one.kind}`);
    new RegExp(one.match, "is");
    faults.push({
      nth: 1,
      times: 1,
      ms: 1000,
      code: 241,
      type: "MEMORY_LIMIT_EXCEEDED",
      message: "(total) memory limit exceeded: would use 1.00 GiB.",
      ...one,
    });
  }
}

/** The fault for this query; one that has served goes. */
export function faultFor(query) {
  for (const one of [...faults]) {
    if (!new RegExp(one.match, "is").test(query)) continue;
    if (one.nth > 1) {
      one.nth--;
      continue;
    }
    one.times--;
    if (one.times < 1) faults.splice(faults.indexOf(one), 1);
    return one;
  }
  return undefined;
}
