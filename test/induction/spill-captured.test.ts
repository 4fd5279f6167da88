// Spilling: what is large becomes an object under its id, what is small stays, and doing it again changes nothing.
import { expect, it } from "vitest";
import { spillCaptured, spillLarge } from "../../src/induction/spill-captured.ts";
import { InMemoryObjectStore } from "../fakes/in-memory-object-store.ts";
import { capturedAttack, capturedExchange, capturedMistake, exchangeOf } from "../fixtures/records.ts";

it("makes objects of large exchanges and conversations alone", async () => {
  const objects = new InMemoryObjectStore();
  const exchange = exchangeOf("x", "y".repeat(40_000));
  const [small, large] = [capturedMistake("prj_1"), capturedMistake("prj_1", {}, exchange)];
  const attack = capturedAttack("prj_1", {}, exchange.messages.concat({ role: "user", content: "z".repeat(40_000) }));
  const mistakeKey = `projects/prj_1/mistakes/${large.mistake.id}.json`;
  const attackKey = `projects/prj_1/attacks/${attack.attack.id}.json`;
  expect(await spillLarge(objects, small)).toEqual(small);
  const spilled = await spillLarge(objects, large);
  expect(spilled).toEqual({ ...large, exchange: { objectKey: mistakeKey } });
  expect(await spillLarge(objects, spilled)).toEqual(spilled);
  expect(await spillLarge(objects, attack)).toEqual({ ...attack, messages: { objectKey: attackKey } });
  expect(await objects.list("", 10)).toEqual([attackKey, mistakeKey]);
  expect(JSON.parse((await objects.getText(mistakeKey)) ?? "")).toEqual(exchange);
});

it("makes objects of everything where the database is nearly full", async () => {
  const objects = new InMemoryObjectStore();
  const [mistake, attack, kept] = [capturedMistake("prj_1"), capturedAttack("prj_1"), capturedExchange("prj_1")];
  for (const captured of [mistake, attack, kept]) await spillCaptured(objects, captured);
  expect(await objects.list("", 10)).toEqual([
    `projects/prj_1/attacks/${attack.attack.id}.json`,
    `projects/prj_1/exchanges/${kept.kept.id}.json`,
    `projects/prj_1/mistakes/${mistake.mistake.id}.json`,
  ]);
});
