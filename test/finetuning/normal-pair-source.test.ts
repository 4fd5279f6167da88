// Normal pairs of a file of any size: each once, in the same order however they are taken, and a bad line named by its number.
import fc from "fast-check";
import { expect, it } from "vitest";
import { FIRST_PAIR, NormalPairSource, type PairPlace } from "../../src/finetuning/normal-pair-source.ts";
import { fnv1a } from "../../src/lib/fnv1a.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";

const KEY = "pairs.jsonl";
const orderOf = (text: string): number => fnv1a(text, "order 0");

async function sourceOf(jsonl: string, windowBytes: number): Promise<NormalPairSource> {
  const objects = new InMemoryObjectStore();
  await objects.put(KEY, jsonl, "application/jsonl");
  return new NormalPairSource(objects, KEY, orderOf, windowBytes);
}

async function promptsIn(source: NormalPairSource, sizes: readonly number[]): Promise<readonly string[]> {
  const prompts: string[] = [];
  let place: PairPlace = FIRST_PAIR;
  for (const size of sizes) {
    const taken = await source.take(place, size);
    if (!taken.ok) throw new Error(taken.error);
    prompts.push(...taken.value.map(({ pair }) => pair.prompt));
    place = taken.value.at(-1)?.next ?? place;
  }
  return prompts;
}

it("gives every pair once, in one order, whatever the windows and however many are taken at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.integer({ min: 90, max: 400 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 40, maxLength: 40 }),
      fc.constantFrom("\n", "\n\n"),
      fc.boolean(),
      async (count, windowBytes, sizes, between, isEnded) => {
        const lines = Array.from(
          { length: count },
          (_, place) => `{"prompt":"问题 ${place}","answer":"Answer ${place}."}`,
        );
        const jsonl = lines.join(between) + (isEnded && count > 0 ? "\n" : "");
        const prompts = await promptsIn(await sourceOf(jsonl, windowBytes), sizes);
        expect(prompts).toEqual(await promptsIn(await sourceOf(jsonl, windowBytes), [count + 1]));
        expect(prompts.toSorted()).toEqual(lines.map((_, place) => `问题 ${place}`).toSorted());
      },
    ),
    { numRuns: 60 },
  );
});

it.each([
  ["a line that is none", 7, "{", /^line 8 of the normal pairs is no JSON/],
  ["a line without an answer", 12, '{"prompt":"x"}', /^line 13 of the normal pairs needs/],
  [
    "a line longer than a window",
    9,
    `{"prompt":"${"x".repeat(500)}","answer":"y"}`,
    /^line 10 of the normal pairs is longer/,
  ],
])("names %s", async (_, place, line, error) => {
  const lines = Array.from({ length: 20 }, (__, at) => `{"prompt":"Question ${at}?","answer":"Answer."}`);
  const source = await sourceOf(lines.toSpliced(place, 0, line).join("\n"), 200);
  const taken = await source.take(FIRST_PAIR, 100);
  expect(taken).toMatchObject({ ok: false });
  expect(taken.ok ? "" : taken.error).toMatch(error);
});

it("has the small default where no file is named, and none behind its end", async () => {
  const source = new NormalPairSource(new InMemoryObjectStore(), null, orderOf);
  const taken = await source.take(FIRST_PAIR, 1_000);
  expect(taken.ok ? taken.value.length : 0).toBeGreaterThan(30);
  const last = taken.ok ? taken.value.at(-1)?.next : undefined;
  expect(await source.take(last ?? FIRST_PAIR, 5)).toEqual({ ok: true, value: [] });
});
