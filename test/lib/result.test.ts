// Results as plain values.
import { expect, it } from "vitest";
import { err, ok } from "../../src/lib/result.ts";

it("tells success from failure by one field", () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(err("why")).toEqual({ ok: false, error: "why" });
});
