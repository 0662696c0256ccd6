import { expect, test } from "vitest";
import { phonePartOf } from "../../src/pool/search.ts";

const beginning = (digits: string) => ({ digits, isBeginning: true });
const anywhere = (digits: string) => ({ digits, isBeginning: false });

test.each([
  ["0812 0000", beginning("628120000")],
  ["0812-0000", beginning("628120000")],
  ["081", beginning("6281")],
  ["+62 812-0000", beginning("628120000")],
  ["+628", beginning("628")],
  ["62812", anywhere("62812")],
  ["812", anywhere("812")],
  ["0001", anywhere("0001")],
  ["000", anywhere("000")],
  ["01 2", anywhere("012")],
  ["1 2", undefined],
  ["12", undefined],
  ["08", undefined],
  ["+62", undefined],
  ["", undefined],
  ["+", undefined],
  ["0812x", undefined],
  ["08+12", undefined],
  ["٠٨١٢", undefined],
  ["812%", undefined],
])("%s", (pattern, part) => {
  expect(phonePartOf(pattern)).toEqual(part);
});
