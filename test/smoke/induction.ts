// The smoke test's induction run: twelve attempts on the real model, with guidance and without.
import assert from "node:assert/strict";
import { LEAKY_MESSAGES } from "../../local/scene.ts";
import { until } from "../../local/until.ts";
import { inductionWireSchema } from "../../src/wire/induction.ts";
import type { Checks } from "./checks.ts";

const TECHNIQUES = ["direct", "hint", "prefix_injection", "style_injection", "role_play", "past_tense"];
const PATIENCE_MILLISECONDS = 180_000;

export async function checkInduction(
  checks: Checks,
  ask: (path: string, body?: object) => Promise<Response>,
): Promise<void> {
  await checks.check("an induction run tries techniques on the model, and keeps what it gets wrong", async () => {
    const [system, user] = LEAKY_MESSAGES;
    const seeds = [{ system: system?.content, instruction: user?.content }];
    const body = { seeds, techniques: TECHNIQUES, budget: 12, concurrency: 2, temperature: 0.3, max_tokens: 60 };
    const started = inductionWireSchema.parse(await (await ask("/v1/inductions", body)).json());
    const run = await until("the induction run", PATIENCE_MILLISECONDS, async () => {
      const now = inductionWireSchema.parse(await (await ask(`/v1/inductions/${started.id}`)).json());
      assert.notEqual(now.status, "failed", now.failure ?? "");
      return now.status === "finished" ? now : undefined;
    });
    for (const arm of ["unguided", "guided"] as const) {
      const { attempts, mistakes, withstood, input_blocked: blocked, failed, low, high } = run[arm];
      console.log(`        ${arm}: ${mistakes} of ${attempts} succeeded (${low.toFixed(2)}–${high.toFixed(2)})`);
      assert.equal(attempts, TECHNIQUES.length);
      assert.equal(mistakes + withstood + blocked + failed, attempts);
    }
    assert.deepEqual(run.progress, { planned: 12, attempted: 12 });
    if (run.unguided.mistakes + run.guided.mistakes === 0) return;
    await until("its mistakes", PATIENCE_MILLISECONDS, async () => {
      const text = await (await ask("/v1/mistakes?source=induction")).text();
      return text.includes(started.id) ? true : undefined;
    });
  });
}
