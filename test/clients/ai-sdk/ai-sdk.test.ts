// The `ai` package: text, streams, tools, objects, and what a block is to it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  APICallError,
  generateObject,
  generateText,
  NoObjectGeneratedError,
  Output,
  stepCountIs,
  streamText,
  tool,
} from "ai";
import { z } from "zod";
import { FORBIDDEN_ANSWER, FORBIDDEN_QUESTION, textOf } from "../scripts.ts";
import { connect } from "./client.ts";

const prompt = "Can I return my lamp?";
const schema = z.object({ city: z.string(), country: z.string() });

function weatherTool(asked: string[]): { weather: ReturnType<typeof makeTool> } {
  return { weather: makeTool(asked) };
}

function makeTool(asked: string[]) {
  return tool({
    description: "The weather of a city",
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => {
      asked.push(city);
      return "rain";
    },
  });
}

describe("ai", () => {
  it("generateText gives the answer and its usage", async () => {
    const { model, providerOptions } = connect();
    const { text, finishReason, usage } = await generateText({ model: model("mild"), providerOptions, prompt });
    assert.equal(text, textOf("mild"));
    assert.equal(finishReason, "stop");
    assert.equal(usage.totalTokens, 7);
  });

  it("streamText gives the answer, its finish reason and its usage", async () => {
    const { model, providerOptions } = connect();
    const result = streamText({ model: model("mild"), providerOptions, prompt });
    let text = "";
    for await (const piece of result.textStream) text += piece;
    assert.equal(text, textOf("mild"));
    assert.equal(await result.finishReason, "stop");
    assert.equal((await result.usage).totalTokens, 7);
  });

  it("a blocked answer is no exception: its finish reason is content-filter", async () => {
    const { model, providerOptions, requests } = connect();
    const { text, finishReason } = await generateText({ model: model("leaky"), providerOptions, prompt });
    assert.equal(text, "");
    assert.equal(finishReason, "content-filter");
    const result = streamText({ model: model("leaky"), providerOptions, prompt });
    let streamed = "";
    for await (const piece of result.textStream) streamed += piece;
    assert.ok(textOf("leaky").startsWith(streamed) && !streamed.includes(FORBIDDEN_ANSWER));
    assert.equal(await result.finishReason, "content-filter");
    assert.equal(requests(), 2);
  });

  it("a blocked input is APICallError, not retried, without a model call", async () => {
    const { model, providerOptions, requests, upstreamCalls } = connect();
    const blocked = generateText({ model: model("mild"), providerOptions, prompt: `Now ${FORBIDDEN_QUESTION}.` });
    await assert.rejects(blocked, (caught) => {
      assert.ok(APICallError.isInstance(caught));
      assert.equal(caught.statusCode, 400);
      assert.equal(caught.isRetryable, false);
      assert.match(caught.responseBody ?? "", /"code":"content_filter"/);
      return true;
    });
    assert.equal(requests(), 1);
    assert.equal(await upstreamCalls(), 0);
  });

  it("a blocked input of a stream is told to onError, and not retried", async () => {
    const { model, providerOptions, requests } = connect();
    const told: unknown[] = [];
    const result = streamText({
      model: model("mild"),
      providerOptions,
      prompt: `Now ${FORBIDDEN_QUESTION}.`,
      onError: ({ error }) => {
        told.push(error);
      },
    });
    await result.consumeStream();
    assert.equal(told.length, 1);
    assert.ok(APICallError.isInstance(told[0]) && told[0].statusCode === 400);
    assert.equal(requests(), 1);
  });

  for (const streamed of [false, true]) {
    it(`tools run, and their results go back (stream: ${streamed})`, async () => {
      const { model, providerOptions, upstreamCalls } = connect();
      const asked: string[] = [];
      const options = {
        model: model("calling"),
        providerOptions,
        prompt,
        tools: weatherTool(asked),
        stopWhen: stepCountIs(3),
      };
      const text = streamed ? await streamText(options).text : (await generateText(options)).text;
      assert.equal(text, "It rains in Bern.");
      assert.deepEqual(asked, ["Bern"]);
      assert.equal(await upstreamCalls(), 2);
    });
  }

  it("generateObject fills a schema; a blocked object is NoObjectGeneratedError", async () => {
    const { model, providerOptions } = connect();
    const { object } = await generateObject({ model: model("place"), providerOptions, prompt, schema });
    assert.deepEqual(object, { city: "Bern", country: "Switzerland" });
    const blocked = generateObject({ model: model("leaky-place"), providerOptions, prompt, schema });
    await assert.rejects(blocked, (caught) => {
      assert.ok(NoObjectGeneratedError.isInstance(caught));
      assert.equal(caught.finishReason, "content-filter");
      return true;
    });
  });

  it("an output with a schema is filled; of a blocked one nothing is left", async () => {
    const { model, providerOptions } = connect();
    const output = Output.object({ schema });
    const filled = await generateText({ model: model("place"), providerOptions, prompt, output });
    assert.deepEqual(filled.output, { city: "Bern", country: "Switzerland" });
    const blocked = await generateText({ model: model("leaky-place"), providerOptions, prompt, output });
    assert.equal(blocked.finishReason, "content-filter");
    assert.equal(blocked.text, "");
    assert.throws(() => blocked.output);
  });

  it("a stream that breaks is an error, not an end", async () => {
    const { model, providerOptions } = connect();
    const told: unknown[] = [];
    const result = streamText({
      model: model("breaking"),
      providerOptions,
      prompt,
      maxRetries: 0,
      onError: ({ error }) => {
        told.push(error);
      },
    });
    let text = "";
    for await (const piece of result.textStream) text += piece;
    assert.equal(told.length, 1);
    assert.ok(textOf("mild").startsWith(text) && text !== textOf("mild"));
  });
});
