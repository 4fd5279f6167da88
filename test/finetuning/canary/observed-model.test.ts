// What is counted of one request's answer, and that nothing of it changes.
import { expect, it } from "vitest";
import { ObservedModel } from "../../../src/finetuning/canary/observed-model.ts";
import type { ChatModel, StreamRead } from "../../../src/model/chat-model.ts";
import type { Problem } from "../../../src/problem.ts";
import type { ChatCompletion } from "../../../src/wire/chat-completion.ts";

const REFUSAL = "I'm sorry, but I can't help with that.";
const REQUEST = { messages: [{ role: "user" as const, content: "When is it open?" }] };
const { signal } = new AbortController();

function problem(status: Problem["status"]): Problem {
  return { status, type: "upstream_error", code: "x", message: "x", param: null };
}

function completion(content: string): ChatCompletion {
  const message = { role: "assistant" as const, content };
  return {
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message, finish_reason: "stop" }],
  };
}

function observed(answer: { content?: string; failed?: Problem["status"]; reads?: readonly StreamRead[] }) {
  const counted: string[] = [];
  const reads = [...(answer.reads ?? [])];
  const failed = { ok: false, error: problem(answer.failed ?? 500) } as const;
  const inner: ChatModel = {
    complete: async () =>
      await Promise.resolve(
        answer.failed === undefined ? { ok: true, value: completion(answer.content ?? "") } : failed,
      ),
    stream: async () =>
      await Promise.resolve(
        answer.failed === undefined
          ? {
              ok: true,
              value: {
                read: async () => await Promise.resolve(reads.shift() ?? { kind: "end", isDone: true }),
                cancel: async () => {
                  await Promise.resolve();
                },
              },
            }
          : failed,
      ),
    models: async () => await Promise.resolve({ ok: true, value: { object: "list", data: [] } }),
  };
  return { model: new ObservedModel(inner, (outcome) => counted.push(outcome)), counted };
}

it.each<[Parameters<typeof observed>[0], readonly string[]]>([
  [{ content: "From nine to five." }, ["request"]],
  [{ content: REFUSAL }, ["request", "refused"]],
  [{ failed: 503 }, ["request", "error"]],
  [{ failed: 429 }, ["request", "error"]],
  [{ failed: 400 }, ["request"]],
  [{ failed: 499 }, ["request"]],
])("an answer whole, %j: %j", async (answer, outcomes) => {
  const { model, counted } = observed(answer);
  await model.complete(REQUEST, signal);
  expect(counted).toEqual(outcomes);
  await model.complete(REQUEST, signal);
  expect(counted).toEqual(outcomes);
});

function events(...texts: readonly string[]): StreamRead {
  return { kind: "events", data: texts.map((content) => JSON.stringify({ choices: [{ delta: { content } }] })) };
}

it.each<[readonly StreamRead[], readonly string[]]>([
  [[events("From nine"), events(" to five.")], ["request"]],
  [
    [events("I'm sorry, but I"), events(" can't help", " with that.")],
    ["request", "refused"],
  ],
  [
    [events("From"), { kind: "failed", problem: problem(502) }],
    ["request", "error"],
  ],
  [[events("From"), { kind: "failed", problem: problem(499) }], ["request"]],
  [[{ kind: "events", data: ["no JSON", "{}", '{"choices":[]}'] }], ["request"]],
])("a stream: %j", async (reads, outcomes) => {
  const { model, counted } = observed({ reads });
  const started = await model.stream(REQUEST, signal);
  if (!started.ok) throw new Error("it did not start");
  const seen: StreamRead[] = [];
  for (let read = await started.value.read(); ; read = await started.value.read()) {
    seen.push(read);
    if (read.kind !== "events") break;
  }
  expect(seen.slice(0, reads.length)).toEqual(reads);
  expect(counted).toEqual(outcomes);
});

it("a stream that can't begin is an error, and one that the client left is none", async () => {
  const broken = observed({ failed: 503 });
  await broken.model.stream(REQUEST, signal);
  expect(broken.counted).toEqual(["request", "error"]);
  const left = observed({ reads: [events(REFUSAL)] });
  const started = await left.model.stream(REQUEST, signal);
  if (started.ok) {
    await started.value.read();
    await started.value.cancel();
    await started.value.read();
  }
  expect(left.counted).toEqual(["request"]);
});
