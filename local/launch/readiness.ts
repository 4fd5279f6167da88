// Waits until a server answers. Law: it stops waiting as soon as the server has died, and says which one and how.
import { setTimeout as sleep } from "node:timers/promises";
import type { Finished, Lasting } from "./child-processes.ts";
import { StartProblem } from "../start-problem.ts";

const LOOK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 2000;

export async function waitUntilAnswers(name: string, url: string, lasting: Lasting, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (await answers(url)) return;
    const finished = await Promise.race([lasting.ended, sleep(LOOK_EVERY_MS, null)]);
    if (finished !== null) throw new StartProblem(deathOf(name, finished));
  }
  throw new StartProblem(`${name} did not answer within ${Math.round(patienceMs / 1000)} seconds.`);
}

/** What the server had to say stood on the operator's screen when it said it. */
export function deathOf(name: string, { code }: Finished): string {
  return `${name} ${code === null ? "was ended" : `ended with code ${code}`}.`;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
