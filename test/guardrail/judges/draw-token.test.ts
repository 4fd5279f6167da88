// The delimiter: no text contains it, and a broken source of chance is no delimiter.
import { describe, expect, it } from "vitest";
import { drawToken } from "../../../src/guardrail/judges/draw-token.ts";
import type { RandomBytes } from "../../../src/lib/ids.ts";

const TOKEN = "0101010101010101";
const always =
  (byte: number): RandomBytes =>
  (length) =>
    new Uint8Array(length).fill(byte);

describe("drawToken", () => {
  it("is another one where a text contains it, in either case", () => {
    let draws = 0;
    const randomBytes: RandomBytes = (length) => always((draws += 1))(length);
    expect(drawToken([`x ${TOKEN} x`, "02".repeat(8)], randomBytes)).toBe("03".repeat(8));
    expect(drawToken(["ab".repeat(8).toUpperCase()], (length) => always(draws++ < 4 ? 0xab : 1)(length))).toBe(TOKEN);
  });

  it("can't be drawn from a broken source of chance", () => {
    expect(() => drawToken([TOKEN], always(1))).toThrow("no delimiter");
  });
});
