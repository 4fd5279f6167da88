// A text against a client's schema: sound, broken, or not read — and bounded whatever the client and the model send.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompiledSchema } from "../../../src/guardrail/answer-schema/compiled-schema.ts";

const LAMP = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    name: { type: "string", maxLength: 20 },
    watts: { type: "integer", minimum: 1 },
    colours: { type: "array", items: { $ref: "#/$defs/colour" }, uniqueItems: true },
  },
  required: ["name", "watts"],
  additionalProperties: false,
  $defs: { colour: { enum: ["red", "white"] } },
};

function check(schema: unknown, value: unknown): object {
  return new CompiledSchema(schema).check(typeof value === "string" ? value : JSON.stringify(value));
}

describe("a text", () => {
  it.each([
    ["that fits", LAMP, { name: "Sun", watts: 40, colours: ["red", "white"] }],
    ["with white space around", LAMP, ' \n{"name": "Sun", "watts": 40} '],
    ["of any kind, where the schema is true", true, [1]],
    ["with a tree in it", tree(), { children: [{ children: [] }, { children: [{ children: [] }] }] }],
    ["of the draft that the schema names", draft7(), { lamp: 1 }],
  ])("%s is sound", (_name, schema, value) => {
    expect(check(schema, value)).toEqual({ kind: "sound" });
  });

  it.each([
    ["lacks a property", LAMP, { name: "Sun" }, "#/required"],
    ["has one of another type", LAMP, { name: "Sun", watts: "40" }, "#/properties/watts/type"],
    ["has one too many", LAMP, { name: "Sun", watts: 40, price: 3 }, "#/additionalProperties"],
    [
      "breaks a part that is referred to",
      LAMP,
      { name: "S", watts: 1, colours: ["blue"] },
      "#/properties/colours/items/$ref/enum",
    ],
    ["is of another kind", LAMP, [], "#/type"],
    ["is anything, where the schema is false", false, 1, "#"],
    ["is broken deep in a tree", tree(), { children: [{ children: [3] }] }, "type"],
  ])("that %s is broken, and the place in the schema is told", (_name, schema, value, place) => {
    const checked = check(schema, value);
    expect(checked).toMatchObject({ kind: "broken" });
    expect(JSON.stringify(checked)).toContain(place);
  });

  it.each(["", "Sure! Here it is.", '```json\n{"name":"Sun","watts":40}\n```', '{"name": "Sun", "wat'])(
    "that is no JSON is told as such: %j",
    (text) => {
      expect(check(LAMP, text)).toEqual({ kind: "no JSON" });
    },
  );
});

describe("a schema that can't be read soundly is not read, with the reason", () => {
  it.each([
    ["refers elsewhere", { $ref: "https://schemas.test/lamp.json" }, "outside"],
    ["refers to nothing", { $ref: "#/$defs/none" }, "can't be"],
    ["refers to itself at once", { $ref: "#" }, "can't be evaluated"],
    ["uses expressions for names", { patternProperties: { "^a": {} } }, "patternProperties"],
    ["negates an expression", { not: { type: "string", pattern: "^a" } }, "pattern"],
    ["is no schema", "a string", "no schema"],
    ["has a part that is none", { properties: { name: 3 } }, "no schema"],
    ["has a map that is none", { properties: [] }, "no object"],
    ["has a list that is none", { enum: "red" }, "no list"],
    ["is too deep", nested(80), "too deep"],
    ["is too large", { enum: Array.from({ length: 20_000 }, (_, place) => `value ${place}`) }, "too large"],
    [
      "has too many parts",
      { properties: Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [i, {}])) },
      "too large",
    ],
  ])("where it %s", (_name, schema, reason) => {
    const checked = check(schema, { name: "Sun" });
    expect(checked).toMatchObject({ kind: "unread" });
    expect(JSON.stringify(checked)).toContain(reason);
  });

  it("where it has a pattern, breaks are still seen, and what breaks nothing else is not called sound", () => {
    const schema = { type: "object", properties: { code: { type: "string", pattern: "^(a+)+$" } } };
    expect(check(schema, { code: 3 })).toMatchObject({ kind: "broken" });
    expect(check(schema, { code: `${"a".repeat(50_000)}b` })).toMatchObject({ kind: "unread" });
  });
});

describe("what would cost too much is given up", () => {
  it.each<[string, object, unknown]>([
    [
      "a schema that doubles with each part",
      {
        $ref: "#/$defs/part40",
        $defs: Object.fromEntries(
          Array.from({ length: 41 }, (_, place) => [
            `part${place}`,
            place === 0 ? {} : { allOf: [{ $ref: `#/$defs/part${place - 1}` }, { $ref: `#/$defs/part${place - 1}` }] },
          ]),
        ),
      },
      1,
    ],
    ["all against all in a long list", { uniqueItems: true }, Array.from({ length: 20_000 }, (_, place) => place)],
    [
      "a long list of values again and again",
      { contains: { enum: Array.from({ length: 3_000 }, (_, place) => `colour number ${place}`) } },
      Array.from({ length: 20_000 }, () => "none of them"),
    ],
    [
      "a doubling with each level of the answer",
      {
        $ref: "#/$defs/a",
        $defs: {
          a: { allOf: [{ properties: { x: { $ref: "#/$defs/a" } } }, { properties: { x: { $ref: "#/$defs/a" } } }] },
        },
      },
      deep(60),
    ],
  ])("%s", (_name, schema, value) => {
    const start = performance.now();
    expect(check(schema, value)).toMatchObject({ kind: "unread" });
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  it("an answer nested too deep, or too long", () => {
    expect(check({}, "[".repeat(300) + "]".repeat(300))).toMatchObject({ kind: "unread" });
    expect(check({}, `"${"a".repeat(1_000_001)}"`)).toMatchObject({ kind: "unread" });
  });

  it("never throws, whatever schema and text", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.oneof(fc.json(), fc.string()), (schema, text) => {
        const copy = structuredClone(schema);
        expect(["sound", "broken", "unread", "no JSON"]).toContain(new CompiledSchema(schema).check(text).kind);
        expect(schema).toEqual(copy);
      }),
    );
  });

  it("does not read names that JSON and JavaScript read differently", () => {
    const schema: unknown = JSON.parse(
      '{"properties": {"__proto__": {"type": "string"}}, "additionalProperties": false}',
    );
    expect(check(schema, '{"__proto__": 3}')).toMatchObject({ kind: "broken" });
    expect(check({ required: ["toString"] }, "{}")).toMatchObject({ kind: "broken" });
  });
});

it("gives the same judgement every time", () => {
  const compiled = new CompiledSchema(LAMP);
  for (const watts of [1, 2, 3]) {
    expect(compiled.check(`{"name": "Sun", "watts": ${watts}}`)).toEqual({ kind: "sound" });
    expect(compiled.check('{"name": "Sun"}')).toMatchObject({ kind: "broken" });
  }
});

function tree(): object {
  return { type: "object", properties: { children: { type: "array", items: { $ref: "#" } } }, required: ["children"] };
}

function draft7(): object {
  // There, what stands beside a reference says nothing.
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: { lamp: { type: "object" } },
    $ref: "#/definitions/lamp",
    required: ["watts"],
  };
}

function nested(levels: number): object {
  return levels === 0 ? {} : { items: nested(levels - 1) };
}

function deep(levels: number): object {
  return levels === 0 ? {} : { x: deep(levels - 1) };
}
