// How far an overrule would reach, told by what is stored. Law: bounded; it reads, and changes nothing.
import { exchangeOf } from "../../generation/exchange-of.ts";
import { allowed, liveAllowances, promptHash } from "../../guardrail/allowance.ts";
import { type FlaggedExchange, flaggedAttack, flaggedMistake } from "../../mistake/flagged-exchange.ts";
import { promptText } from "../../mistake/exchange-text.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import type { Allowance } from "../../policy/allowance-schema.ts";

/** Of mistakes, and as many of attacks. */
const MOST_EXAMINED = 500;
const PAGE_SIZE = 100;
const MOST_IDS = 20;

export interface Reach {
  readonly examined: number;
  /** of these at least one flag would be gone */
  readonly covered: number;
  /** of these no flag would be left on the side that was acted on */
  readonly cleared: number;
  /** the newest that are covered */
  readonly ids: readonly string[];
}

export type Coverage = "none" | "some" | "all";

/** What the allowances would have left of one stored exchange's flags. */
export async function coverage(
  flagged: FlaggedExchange,
  allowances: readonly Allowance[],
  now: number,
): Promise<Coverage> {
  const { messages, answer, side, keyId } = flagged;
  const live = liveAllowances(allowances, {
    keyId: keyId ?? "",
    now,
    promptHash: await promptHash(promptText(messages)),
  });
  const exchange = exchangeOf(messages, answer, []);
  const flags = flagged.verdicts.filter((verdict) => verdict.side === side && verdict.status === "flag");
  const after = flags.map((verdict) => allowed(verdict, exchange, live));
  if (after.every((verdict, place) => verdict === flags[place])) return "none";
  return after.every(({ status }) => status !== "flag") ? "all" : "some";
}

async function* newest<Item>(
  list: (page: PageRequest) => Promise<Page<Item>>,
  idOf: (item: Item) => string,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null = null;
  for (let read = 0; read < MOST_EXAMINED; read += PAGE_SIZE) {
    const page: Page<Item> = await list({ limit: PAGE_SIZE, cursor });
    yield* page.items;
    const last = page.items.at(-1);
    if (!page.hasMore || last === undefined) return;
    cursor = idOf(last);
  }
}

async function* newestFlagged(
  store: Pick<MistakeStore, "list" | "listAttacks">,
  projectId: string,
): AsyncGenerator<FlaggedExchange, void, undefined> {
  const mistakes = newest(
    async (page) => await store.list(projectId, {}, page),
    ({ mistake }) => mistake.id,
  );
  // An over-refusal is no flag to be allowed, but what came of one.
  for await (const { mistake } of mistakes) if (mistake.kind !== "over_refusal") yield flaggedMistake(mistake);
  const attacks = newest(
    async (page) => await store.listAttacks(projectId, page),
    ({ id }) => id,
  );
  for await (const attack of attacks) yield flaggedAttack(attack);
}

export async function reachOf(
  store: Pick<MistakeStore, "list" | "listAttacks">,
  projectId: string,
  allowances: readonly Allowance[],
  now: number,
): Promise<Reach> {
  const covered: { readonly id: string; readonly createdAt: number }[] = [];
  let [examined, cleared] = [0, 0];
  for await (const flagged of newestFlagged(store, projectId)) {
    examined += 1;
    const covers = await coverage(flagged, allowances, now);
    if (covers === "none") continue;
    if (covers === "all") cleared += 1;
    covered.push({ id: flagged.id, createdAt: flagged.createdAt });
  }
  const ids = covered
    .toSorted((left, right) => right.createdAt - left.createdAt)
    .slice(0, MOST_IDS)
    .map(({ id }) => id);
  return { examined, covered: covered.length, cleared, ids };
}
