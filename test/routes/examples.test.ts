// GET /v1/examples and GET /v1/thresholds/suggestions: what dismissed and confirmed mistakes are good for.
import { expect, it } from "vitest";
import { z } from "zod";
import { capturedMistake } from "../fixtures/records.ts";
import type { Verdict } from "../../src/guardrail/verdict.ts";
import { anyNumber, errorSchema, newCaller, type Caller } from "./fixtures.ts";

const exampleSchema = z.looseObject({ id: z.string() });

async function examples(
  caller: Caller,
  query = "",
): Promise<{ readonly lines: readonly unknown[]; readonly next: string | null }> {
  const response = await caller.ask(`/v1/examples?label=good${query}`);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/jsonl; charset=utf-8"]);
  const text = await response.text();
  expect(text === "" || text.endsWith("\n")).toBe(true);
  const lines = text
    .split("\n")
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
  return { lines, next: response.headers.get("x-setback-next-cursor") };
}

it("gives as an example nothing that only a reporter says the model said, nor what waits in quarantine", async () => {
  const caller = await newCaller();
  const { provenance } = capturedMistake(caller.projectId).mistake;
  const dismissed = { state: "dismissed", source: "feedback" } as const;
  const [told, known, held] = [
    capturedMistake(caller.projectId, { ...dismissed, provenance: { ...provenance, completionId: "" } }),
    capturedMistake(caller.projectId, dismissed),
    capturedMistake(caller.projectId, { ...dismissed, quarantine: "contradiction" }),
  ];
  await caller.gateway.services.mistakes.insertCaptured([told, known, held]);
  expect((await examples(caller)).lines).toMatchObject([{ id: known.mistake.id }]);
});

it("gives dismissed mistakes as good examples, and no other", async () => {
  const caller = await newCaller();
  expect(await examples(caller)).toEqual({ lines: [], next: null });
  const [dismissed, confirmed] = [
    capturedMistake(caller.projectId, { state: "dismissed", categories: ["S6"] }),
    capturedMistake(caller.projectId, { state: "confirmed" }),
  ];
  await caller.gateway.services.mistakes.insertCaptured([dismissed, confirmed, capturedMistake(caller.projectId)]);
  expect((await examples(caller)).lines).toEqual([
    {
      ...{ id: dismissed.mistake.id, object: "example", label: "good", source: "production", categories: ["S6"] },
      messages: [{ role: "user", content: "Can I return my lamp?" }],
      ...{ answer: "You get a full refund.", answer_message: { role: "assistant", content: "You get a full refund." } },
      created_at: anyNumber,
    },
  ]);
  expect((await examples(await newCaller())).lines).toEqual([]);
});

it("gives them in pages, newest first, each once", async () => {
  const caller = await newCaller();
  const captured = Array.from({ length: 5 }, () => capturedMistake(caller.projectId, { state: "dismissed" }));
  await caller.gateway.services.mistakes.insertCaptured(captured);
  const seen: string[] = [];
  let query = "&limit=2";
  for (let pages = 0; pages < 5; pages += 1) {
    const { lines, next } = await examples(caller, query);
    seen.push(
      ...z
        .array(exampleSchema)
        .parse(lines)
        .map(({ id }) => id),
    );
    if (next === null) break;
    query = `&limit=2&cursor=${next}`;
  }
  expect(seen).toEqual(captured.map(({ mistake }) => mistake.id).toReversed());
});

it.each(["", "?label=bad", "?label=good&limit=101", "?label=good&cursor="])("refuses /v1/examples%s", async (query) => {
  const { status, body } = await (await newCaller()).json(`/v1/examples${query}`);
  expect([status, errorSchema.parse(body).error.type]).toEqual([400, "invalid_request_error"]);
});

it("suggests thresholds out of what people decided, and changes none", async () => {
  const caller = await newCaller();
  const verdict = (score: number): Verdict => ({
    ...{ guardrail: "edge", version: "1", side: "output", status: "flag", reason: null, score, threshold: 0.5 },
    ...{ latencyMilliseconds: null, rationale: null },
    findings: [{ rule: "score", category: "custom:harmful", span: null, message: "m" }],
  });
  const decided = (state: "confirmed" | "dismissed", score: number) => () =>
    capturedMistake(caller.projectId, { state, verdicts: [verdict(score)] });
  await caller.gateway.services.mistakes.insertCaptured([
    ...Array.from({ length: 20 }, decided("confirmed", 0.9)),
    ...Array.from({ length: 20 }, decided("dismissed", 0.6)),
  ]);
  const { status, body } = await caller.json("/v1/thresholds/suggestions?target_precision=0.95");
  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ object: "list", target_precision: 0.95, reviewed: 40 },
    data: [
      {
        ...{ object: "threshold_suggestion", guardrail: "edge", side: "output", category: "custom:harmful" },
        ...{ reviewed: 40, confirmed: 20, current_threshold: 0.5, precision: 0.5 },
        ...{ suggested_threshold: 0.9, suggested_precision: 1, kept: 1 },
      },
    ],
  });
  expect((await caller.json("/v1/thresholds/suggestions?target_precision=0")).status).toBe(400);
});
