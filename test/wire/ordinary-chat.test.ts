// The short way past zod. Law: whatever it takes, the schemas take too and give back unchanged.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { chatCompletionSchema, chatRequestSchema } from "../../src/wire/chat-completion.ts";
import { isOrdinaryCompletion, isOrdinaryRequest } from "../../src/wire/ordinary-chat.ts";

const MESSAGE = { role: "user", content: "Tell me about lamps." };
const REQUEST = {
  temperature: 0.5,
  model: "m",
  messages: [MESSAGE],
  n: 2,
  stream: true,
  stream_options: { include_usage: true },
};
const ANSWER = { role: "assistant", content: "Lamps.", refusal: null, annotations: [] };
const CHOICE = { index: 0, message: ANSWER, logprobs: null, finish_reason: "stop" };
const COMPLETION = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [CHOICE],
  usage: { prompt_tokens: 1 },
  service_tier: "default",
};

it("takes what OpenAI's clients and servers send", () => {
  expect(isOrdinaryRequest(REQUEST)).toBe(true);
  expect(isOrdinaryRequest({ messages: [MESSAGE, { role: "assistant", content: null, name: "a" }] })).toBe(true);
  expect(isOrdinaryCompletion(COMPLETION)).toBe(true);
});

/** One field of the object, at any depth, becomes something else, or a field is added. */
function changed(original: object): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.constantFrom(null, "", "x", 0, -1, 1.5, 129, 1e300, true, [], {}, [{}], ["x"], [MESSAGE], { role: "x" }),
    fc.constantFrom(JSON.parse('{"__proto__": 1}'), JSON.parse('[{"__proto__": 1}]')),
    fc.jsonValue(),
  );
  const names = fc.constantFrom(
    "__proto__",
    "tool_calls",
    "refusal",
    "reasoning_content",
    "index",
    "x",
    "user",
    "store",
  );
  const places: (readonly (string | number)[])[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    places.push(path);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  visit(original, []);
  return fc.tuple(fc.constantFrom(...places), fc.option(names), odd).map(([path, name, value]) => {
    const full = name === null ? path : [...path, name];
    const put = (target: unknown, rest: readonly (string | number)[]): unknown => {
      const [key, ...further] = rest;
      if (key === undefined) return value;
      if (Array.isArray(target)) {
        const items: readonly unknown[] = target;
        return items.map((each, place) => (String(place) === key ? put(each, further) : each));
      }
      const fields = typeof target === "object" && target !== null ? Object.entries<unknown>({ ...target }) : [];
      const inner = fields.find(([own]) => own === key)?.[1];
      return Object.fromEntries([...fields.filter(([own]) => own !== key), [key, put(inner, further)]]);
    };
    return put(original, full);
  });
}

it.each([
  ["requests", REQUEST, isOrdinaryRequest, chatRequestSchema],
  ["completions", COMPLETION, isOrdinaryCompletion, chatCompletionSchema],
] as const)("takes no %s that the schema refuses or changes", (_name, original, isOrdinary, schema) => {
  fc.assert(
    fc.property(changed(original), (value) => {
      fc.pre(isOrdinary(value));
      expect(schema.parse(value)).toEqual(value);
    }),
    { numRuns: 3_000, maxSkipsPerRun: 1_000 },
  );
});
