// One deployed model under its name.
import { describe, expect, it } from "vitest";
import { ok } from "../../src/lib/result.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { NamedModel } from "../../src/model/named-model.ts";
import { wholeStream } from "../../src/model/whole-stream.ts";
import { chatCompletionSchema, type ChatRequest } from "../../src/wire/chat-completion.ts";

const { signal } = new AbortController();
const messages: ChatRequest["messages"] = [{ role: "user", content: "Hi" }];

function countingModel(): ChatModel & { readonly asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  const complete: ChatModel["complete"] = async ({ model }) => {
    asked.push(model);
    const choices = [{ index: 0, message: { content: "Hi" } }];
    return await Promise.resolve(ok(chatCompletionSchema.parse({ id: "1", model: "m", choices })));
  };
  return {
    asked,
    complete,
    stream: async (request, given) => wholeStream(await complete(request, given)),
    models: async () =>
      await Promise.resolve(ok({ object: "list" as const, data: [{ id: "one" }, { id: "two", owned_by: "us" }] })),
  };
}

describe("NamedModel", () => {
  it.each([
    ["two", "default", "two"],
    ["two", "two", "two"],
    ["two", undefined, "two"],
    [null, "one", "one"],
  ])("with %j deployed, %j asks for %j", async (deployed, model, asked) => {
    const inner = countingModel();
    const request = { messages, ...(model === undefined ? {} : { model }) };
    const named = new NamedModel(inner, deployed);
    expect((await named.complete(request, signal)).ok).toBe(true);
    expect((await named.stream(request, signal)).ok).toBe(true);
    expect(inner.asked).toEqual([asked, asked]);
  });

  it.each([
    ["two", "one"],
    ["two", "Two"],
  ])("with %j deployed, %j is 404 and asks nobody", async (deployed, model) => {
    const inner = countingModel();
    const request = { messages, model };
    const refused = { ok: false, error: { status: 404, code: "model_not_found", param: "model" } };
    await expect(new NamedModel(inner, deployed).complete(request, signal)).resolves.toMatchObject(refused);
    await expect(new NamedModel(inner, deployed).stream(request, signal)).resolves.toMatchObject(refused);
    expect(inner.asked).toEqual([]);
  });

  it("asks for a name where none is deployed and none is given", async () => {
    const inner = countingModel();
    await expect(new NamedModel(inner, null).complete({ messages }, signal)).resolves.toMatchObject({
      ok: false,
      error: { status: 400, code: "missing_model", param: "model" },
    });
    expect(inner.asked).toEqual([]);
  });

  it.each([
    ["two", [{ id: "two", owned_by: "us" }]],
    ["three", [{ id: "three", object: "model" }]],
    [null, [{ id: "one" }, { id: "two", owned_by: "us" }]],
  ])("with %j deployed, lists %j", async (deployed, data) => {
    await expect(new NamedModel(countingModel(), deployed).models(signal)).resolves.toEqual({
      ok: true,
      value: { object: "list", data },
    });
  });
});
