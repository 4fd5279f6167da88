// The `openai` package without streams: answers, choices, tools, schemas.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ContentFilterFinishReasonError } from "openai/core/error";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { textOf } from "../scripts.ts";
import { connect } from "./client.ts";

const placeFormat = zodResponseFormat(z.object({ city: z.string(), country: z.string() }), "place");

describe("openai, create", () => {
  it("gives the answer, its usage and the id to quote", async () => {
    const { client, question, upstreamCalls } = connect();
    const completion = await client.chat.completions.create(question("mild"));
    assert.equal(completion.choices[0]?.message.content, textOf("mild"));
    assert.equal(completion.choices[0].finish_reason, "stop");
    assert.equal(completion.usage?.total_tokens, 7);
    assert.match(completion._request_id ?? "", /^req_/);
    assert.equal(await upstreamCalls(), 1);
  });

  it("a blocked answer is no exception: content_filter, no text, Azure's results", async () => {
    const { client, question, requests } = connect();
    const { choices } = await client.chat.completions.create(question("leaky"));
    assert.equal(choices[0]?.finish_reason, "content_filter");
    assert.equal(choices[0].message.content, "");
    assert.ok("content_filter_results" in choices[0]);
    assert.equal(requests(), 1);
  });

  it("n = 2: only the flagged choice is empty", async () => {
    const { client, question } = connect();
    const { choices } = await client.chat.completions.create({ ...question("half-leaky"), n: 2 });
    assert.deepEqual(
      choices.map(({ message, finish_reason }) => [message.content, finish_reason]),
      [
        [textOf("half-leaky"), "stop"],
        ["", "content_filter"],
      ],
    );
  });

  it("the model's own refusal is no block", async () => {
    const { client, question } = connect();
    const { choices } = await client.chat.completions.create(question("refusing"));
    assert.equal(choices[0]?.message.refusal, "I would rather not.");
    assert.equal(choices[0].finish_reason, "stop");
  });

  it("tools: the call comes, and one whose arguments are flagged does not", async () => {
    const { client, question } = connect();
    const tools = [{ type: "function" as const, function: { name: "weather", parameters: { type: "object" } } }];
    const called = await client.chat.completions.create({ ...question("calling"), tools });
    const call = called.choices[0]?.message.tool_calls?.[0];
    assert.ok(call?.type === "function");
    assert.deepEqual([call.id, call.function.name, call.function.arguments], ["call_1", "weather", '{"city":"Bern"}']);
    assert.equal(called.choices[0]?.finish_reason, "tool_calls");
    const blocked = await client.chat.completions.create({ ...question("leaky-calling"), tools });
    assert.equal(blocked.choices[0]?.finish_reason, "content_filter");
    assert.equal(blocked.choices[0].message.tool_calls, undefined);
  });

  it("runTools: the tool runs, its result goes back, the answer comes", async () => {
    const { client, question, upstreamCalls } = connect();
    const asked: string[] = [];
    const runner = client.chat.completions.runTools({
      ...question("calling"),
      tools: [
        {
          type: "function",
          function: {
            name: "weather",
            description: "The weather of a city",
            parameters: { type: "object", properties: { city: { type: "string" } } },
            parse: (text: string) => z.object({ city: z.string() }).parse(JSON.parse(text)),
            function: ({ city }: { readonly city: string }) => {
              asked.push(city);
              return "rain";
            },
          },
        },
      ],
    });
    assert.equal(await runner.finalContent(), "It rains in Bern.");
    assert.deepEqual(asked, ["Bern"]);
    assert.equal(await upstreamCalls(), 2);
  });

  it("parse: a schema is filled, a tool's arguments are read", async () => {
    const { client, question } = connect();
    const parsed = await client.chat.completions.parse({ ...question("place"), response_format: placeFormat });
    assert.deepEqual(parsed.choices[0]?.message.parsed, { city: "Bern", country: "Switzerland" });
    const tools = [zodFunction({ name: "weather", parameters: z.object({ city: z.string() }) })];
    const called = await client.chat.completions.parse({ ...question("calling"), tools });
    const call = called.choices[0]?.message.tool_calls?.[0];
    assert.ok(call?.type === "function");
    assert.deepEqual(call.function.parsed_arguments, { city: "Bern" });
  });

  it("parse: a blocked answer raises the package's own error for filtered answers, once", async () => {
    const { client, question, requests } = connect();
    const work = client.chat.completions.parse({ ...question("leaky-place"), response_format: placeFormat });
    await assert.rejects(work, ContentFilterFinishReasonError);
    assert.equal(requests(), 1);
  });

  it("lists models and moderates", async () => {
    const { client } = connect();
    const models = await client.models.list();
    assert.ok(models.data.some(({ id }) => id === "mild"));
    const { results } = await client.moderations.create({ input: ["nice", "a full refund"] });
    assert.deepEqual(
      results.map(({ flagged }) => flagged),
      [false, true],
    );
  });
});
