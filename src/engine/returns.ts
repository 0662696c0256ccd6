/** Returns: numbers of a delivered order that its customer gives back, and what it is credited for them. */
import { exitCode, UserError, usageError } from "../errors.ts";
import type { Order } from "./engine.ts";

export const returnReasons = [
  "disconnected",
  "wrong_person",
  "duplicate",
  "unreachable",
  "other",
] as const;

export type ReturnReason = (typeof returnReasons)[number];

export type ReturnRequest = {
  readonly returnId: string;
  readonly orderId: string;
  readonly reason: ReturnReason;
  /** No earlier delivery is taken back; as it was written, for the message. */
  readonly deliveredSince: Date;
  readonly window: string;
  /** The share of an order that may come back, all its returns together. */
  readonly maxRate: number;
  readonly at: Date;
};

/** What became of the numbers of a list, as often as they stand in it. */
export type Returned = {
  /** Undefined when nothing was taken back: then nothing was recorded. */
  readonly returnId: string | undefined;
  readonly returned: number;
  /** Not of this order. */
  readonly foreign: number;
  /** Taken back before, or in this list before. */
  readonly repeated: number;
  /** Decimal text; undefined when the order has no price. */
  readonly credit: string | undefined;
};

export type ReturnVerbs = {
  /**
   * Takes numbers back: those of the order that were not returned before become invalid for ever and are credited.
   * `files` are Parquet files with a column `phone`. Throws `policy` when it is too late or too many come back, a usage
   * error when the order is not delivered: then nothing was changed.
   */
  returnNumbers(request: ReturnRequest, files: readonly string[]): Promise<Returned>;
  /** What came back of an order by now, and what was credited; no credit without a price. */
  readReturned(
    orderId: string,
  ): Promise<{ readonly returned: number; readonly credit: string | undefined }>;
};

/** Throws unless the numbers of an order can still come back. */
export function checkReturnable(
  { orderId, state, deliveredAt, prunedAt }: Order,
  { deliveredSince, window }: Pick<ReturnRequest, "deliveredSince" | "window">,
): void {
  if (state === "reserved") {
    throw usageError(
      `order ${orderId} is reserved: what was not delivered cannot come back; deliver it with ` +
        `numbers order export ${orderId}, or free its numbers with numbers order cancel ${orderId}`,
    );
  }
  if (state === "cancelled" || !deliveredAt) {
    throw usageError(
      `order ${orderId} is cancelled, there is nothing to credit; numbers blacklist import FILE --kind invalid ` +
        "keeps numbers from being sold",
    );
  }
  if (prunedAt) {
    throw new UserError(
      exitCode.policy,
      `the sales of order ${orderId} were pruned at ${prunedAt.toISOString()}: which numbers it had is not known any more. ` +
        "Nothing was done",
    );
  }
  if (deliveredAt < deliveredSince) {
    throw new UserError(
      exitCode.policy,
      `order ${orderId} was delivered at ${deliveredAt.toISOString()}, its numbers could come back for ${window}; ` +
        "--return-window takes them back for longer. Nothing was done",
    );
  }
}
