// Waits until a server answers. Law: it stops waiting as soon as the server has died, and says which one and how.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Finished, Lasting } from "./child-processes.ts";
import { StartProblem } from "../start-problem.ts";

/** What the gateway says of settings and policies that it refuses. */
const refusalSchema = z.object({
  error: z.object({ code: z.enum(["invalid_policy", "bad_setting"]), message: z.string() }),
});

const LOOK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 2000;

export async function waitUntilAnswers(name: string, url: string, lasting: Lasting, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const answer = await ask(url);
    if (answer === "ready") return;
    if (answer !== "not yet") throw new StartProblem(`${name} can't start: ${answer.problem}`);
    const finished = await Promise.race([lasting.ended, sleep(LOOK_EVERY_MS, null)]);
    if (finished !== null) throw new StartProblem(deathOf(name, finished));
  }
  throw new StartProblem(`${name} did not answer within ${Math.round(patienceMs / 1000)} seconds.`);
}

/** What the server had to say stood on the operator's screen when it said it. */
export function deathOf(name: string, { code }: Finished): string {
  return `${name} ${code === null ? "was ended" : `ended with code ${code}`}.`;
}

/** A setting or a policy that it can't take won't become another one: it is told instead of waited for. */
async function ask(url: string): Promise<"ready" | "not yet" | { readonly problem: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.ok) {
      await response.body?.cancel();
      return "ready";
    }
    const body = refusalSchema.safeParse(await response.json());
    return body.success ? { problem: body.data.error.message } : "not yet";
  } catch {
    return "not yet";
  }
}
