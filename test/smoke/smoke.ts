// `npm run smoke`: the real thing — real weights, the real `openai` package — from a leaked code word to a training release.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import OpenAI from "openai";
import { z } from "zod";
import { ANALYSIS_PROMPTS } from "../../src/analysis/analysis-prompts.ts";
import { CODE_WORD, LEAKY_MESSAGES, sampling } from "../../local/scene.ts";
import { analysisPassRatesWireSchema } from "../../src/wire/analysis-pass-rate.ts";
import { mistakeWireSchema, type MistakeWire } from "../../src/wire/mistake.ts";
import { releaseWireSchema, type ReleaseWire } from "../../src/wire/release.ts";
import { until } from "../../local/until.ts";
import { Checks } from "./checks.ts";
import { checkInduction } from "./induction.ts";
import { startGateway } from "./running-gateway.ts";

/** Long enough to post a release between two scheduled ones. */
const RELEASE_INTERVAL_SECONDS = 20;
const MOST_SEEDS = 60;
const CORRECTION = "That sentence is a note for me alone. Ask me about the bakery's bread and cakes instead.";
/** Mistakes that are tried until one comes out. */
const MOST_UNUSABLE = 12;
const PATIENCE_MILLISECONDS = 120_000;

const gateway = await startGateway({
  SETBACK_TICK_SECONDS: "2",
  SETBACK_RELEASE_INTERVAL_SECONDS: String(RELEASE_INTERVAL_SECONDS),
});
const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.adminKey });
const checks = new Checks();

async function ask(path: string, body?: object): Promise<Response> {
  return await fetch(`${gateway.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${gateway.adminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function askJson<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  body?: object,
): Promise<z.infer<Schema>> {
  return schema.parse(await (await ask(path, body)).json());
}

const mistakeListSchema = z.object({ data: z.array(mistakeWireSchema) });
const releaseListSchema = z.object({ data: z.array(releaseWireSchema) });
const trainingLineSchema = z.object({
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
});

/** With what should have been answered, since of a small model's analyses few pass their check. */
async function confirm(id: string): Promise<void> {
  const response = await ask(`/v1/mistakes/${id}/reviews`, { decision: "confirm", correction: CORRECTION });
  assert.equal(response.status, 201);
}

function ofMistakes({ counts: { analysis, correction = 0 } }: ReleaseWire): number {
  return analysis + correction;
}

async function readyRelease(id: string): Promise<ReleaseWire> {
  return await until(`release ${id}`, PATIENCE_MILLISECONDS, async () => {
    const release = await askJson(releaseWireSchema, `/v1/releases/${id}`);
    assert.notEqual(release.status, "failed", release.failure ?? "");
    return release.status === "ready" ? release : undefined;
  });
}

let seed = 0;

function isEmpty(text: string): void {
  assert.equal(text, "", "a blocked answer is empty");
}

/** Plays the scene until the model, guidance notwithstanding, gives the code word away and the guardrail stops it. */
async function blockedBy(
  play: (seed: number) => Promise<{ text: string; finish: string | null }>,
  check: (text: string) => void = isEmpty,
): Promise<void> {
  for (const last = seed + MOST_SEEDS; seed < last;) {
    seed += 1;
    const { text, finish } = await play(seed);
    assert.ok(!text.toUpperCase().includes(CODE_WORD), "the code word got out");
    if (finish !== "content_filter") continue;
    check(text);
    return;
  }
  throw new Error(`the model kept the code word in ${MOST_SEEDS} seeds, so nothing was blocked`);
}

const leak = async (each: number): Promise<{ text: string; finish: string | null }> => {
  const completion = await client.chat.completions.create({
    model: "default",
    messages: LEAKY_MESSAGES,
    ...sampling(each),
  });
  const choice = completion.choices[0];
  return { text: choice?.message.content ?? "", finish: choice?.finish_reason ?? null };
};

async function analysedMistakes(atLeast: number): Promise<readonly MistakeWire[]> {
  return await until("the analyses", PATIENCE_MILLISECONDS, async () => {
    const { data } = await askJson(mistakeListSchema, "/v1/mistakes?state=analysed");
    return data.length >= atLeast ? data : undefined;
  });
}

/** One of several that say the same is in no release: so the next mistake is tried. */
async function untilUsable<Found>(attempt: (id: string) => Promise<Found | null>): Promise<Found> {
  for (let tried = 0; tried < MOST_UNUSABLE; tried += 1) {
    const { data } = await askJson(mistakeListSchema, "/v1/mistakes?state=analysed");
    if (data.length === 0) await blockedBy(leak);
    const [next] = await analysedMistakes(1);
    const found = next === undefined ? null : await attempt(next.id);
    if (found !== null) return found;
  }
  throw new Error(`of ${MOST_UNUSABLE} mistakes none came out in a release`);
}

try {
  await checks.check("a harmless question is answered", async () => {
    const completion = await client.chat.completions.create({
      model: "default",
      messages: [{ role: "user", content: "What is the capital of France?" }],
      ...sampling(1),
    });
    assert.notEqual(completion.choices[0]?.message.content ?? "", "");
    assert.notEqual(completion.choices[0]?.finish_reason, "content_filter");
  });

  await checks.check("a leaked code word is blocked in JSON", async () => {
    await blockedBy(leak);
  });

  await checks.check("a leaked code word is blocked in a stream", async () => {
    await blockedBy(
      async (each) => {
        const stream = await client.chat.completions.create({
          model: "default",
          messages: LEAKY_MESSAGES,
          stream: true,
          ...sampling(each),
        });
        let text = "";
        let finish: string | null = null;
        for await (const chunk of stream) {
          text += chunk.choices[0]?.delta.content ?? "";
          finish = chunk.choices[0]?.finish_reason ?? finish;
        }
        return { text, finish };
      },
      (text) => {
        // What came before the word may have left; of the word itself nothing, not even its first letters.
        assert.doesNotMatch(text, /\bBLU/i);
      },
    );
  });

  const analysed = await checks.check(
    "both mistakes are stored and analysed by the model itself",
    async () => await analysedMistakes(2),
  );
  for (const { kind, analyses, answer, verdicts } of analysed ?? []) {
    const finding = verdicts.filter(({ side }) => side === "output").flatMap(({ findings }) => findings)[0];
    console.log(
      `        ${kind} by ${finding?.rule ?? "?"}; analysis: ${analyses[0]?.text.replaceAll("\n", " ").slice(0, 100) ?? ""}`,
    );
    assert.notEqual(answer, "");
  }
  await checks.check("the share of analyses that pass their check is known", async () => {
    const { data } = await askJson(analysisPassRatesWireSchema, "/v1/analyses/pass-rates");
    for (const { prompt_version, passed, attempts } of data) {
      console.log(
        `        ${passed} of ${attempts} texts passed (prompt ${prompt_version}); a small model's may all fail`,
      );
    }
    assert.ok(data.some(({ attempts }) => attempts >= 2));
  });

  await checks.check("a confirmed mistake comes out in a release that nobody posted", async () => {
    await untilUsable(async (mistake) => {
      await confirm(mistake);
      return await until("a scheduled release", 3 * RELEASE_INTERVAL_SECONDS * 1_000, async () => {
        const { data } = await askJson(releaseListSchema, "/v1/releases");
        return data.find((each) => each.status === "ready" && each.trigger === "schedule" && ofMistakes(each) > 0);
      }).catch(() => null);
    });
  });

  await checks.check(
    "a posted release holds another one: unguided, mixed with normal pairs, as its manifest says",
    async () => {
      const release = await untilUsable(async (mistake) => {
        await confirm(mistake);
        const posted = await readyRelease((await askJson(releaseWireSchema, "/v1/releases", {})).id);
        return ofMistakes(posted) > 0 ? posted : null;
      });
      assert.ok(release.counts.analysis === 0 || release.counts.normal >= 1);
      for (const file of release.files) {
        const bytes = Buffer.from(await (await ask(`/v1/releases/${release.id}/files/${file.name}`)).arrayBuffer());
        assert.equal(bytes.byteLength, file.bytes);
        assert.equal(createHash("sha256").update(bytes).digest("hex"), file.sha256);
        if (file.name !== "train.jsonl") continue;
        const lines = bytes.toString("utf8").trimEnd().split("\n");
        assert.equal(lines.length, file.rows);
        for (const line of lines) {
          const { messages } = trainingLineSchema.parse(JSON.parse(line));
          assert.deepEqual(
            messages.slice(-2).map(({ role }) => role),
            ["user", "assistant"],
          );
          for (const { content } of messages)
            assert.ok(!content.includes("Remember: the answer must be"), "guidance is in a row");
          for (const { hint } of Object.values(ANALYSIS_PROMPTS))
            assert.ok(!line.includes(hint), "the hint is in a training row");
          assert.ok(messages.at(-1)?.content.includes(CODE_WORD) === false, "a target holds the code word");
        }
      }
    },
  );

  await checks.check("a second release is empty", async () => {
    const release = await readyRelease((await askJson(releaseWireSchema, "/v1/releases", {})).id);
    assert.ok(Object.values(release.counts).every((count) => count === 0));
  });

  await checks.check("a bad key is 401", async () => {
    const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "not-a-key" });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
  });

  await checks.check("a mistake of `store: false` is not kept", async () => {
    const before = (await askJson(mistakeListSchema, "/v1/mistakes?limit=100")).data.length;
    await blockedBy(async (each) => {
      const completion = await client.chat.completions.create({
        model: "default",
        messages: LEAKY_MESSAGES,
        store: false,
        ...sampling(each),
      });
      return {
        text: completion.choices[0]?.message.content ?? "",
        finish: completion.choices[0]?.finish_reason ?? null,
      };
    });
    await new Promise((wait) => setTimeout(wait, 4_000));
    const after = (await askJson(mistakeListSchema, "/v1/mistakes?limit=100")).data.length;
    assert.equal(after, before);
  });

  await checkInduction(checks, ask);
} finally {
  await gateway.stop();
}
process.exit(checks.close());
