// Which key opens what.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { allows, SCOPES } from "../../src/access/key.ts";

it("allows its own scopes alone, and everything with admin", () => {
  fc.assert(
    fc.property(fc.subarray([...SCOPES]), fc.constantFrom(...SCOPES), (scopes, scope) => {
      expect(allows({ scopes }, scope)).toBe(scopes.includes("admin") || scopes.includes(scope));
    }),
  );
});
