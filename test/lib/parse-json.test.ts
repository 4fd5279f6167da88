// What is no JSON can be told from every value that JSON can say.
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../src/lib/parse-json.ts";

it("gives every value of JSON as it is", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(parseJson(text)).not.toBeUndefined();
    }),
  );
  expect(parseJson("null")).toBeNull();
});

it.each(["", " ", "undefined", "{", "{'a': 1}", "1 2", "NaN"])("gives undefined for %j", (text) => {
  expect(parseJson(text)).toBeUndefined();
});
