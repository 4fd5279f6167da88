// `npm run study:guidance -- --limit 20 --json FILE`: does guidance make a good answer likelier against a bad one? Without a judge:
// log P(good) − log P(bad) by token on the embedded model, unguided, guided, and with an irrelevant text of equal length.
// Law: figures only, never a row; without SETBACK_DATA a few mild pairs of our own stand in, and the summary says so.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PINNED_WEIGHTS } from "../local/download/pinned-weights.ts";
import { sandwich, surroundLastTurn } from "../src/generation/guidance/apply-guidance.ts";
import { languageOf } from "../src/lib/language.ts";
import { dataFolder, MissingData, runWithData } from "./data.ts";
import type { Proportion } from "./detect-metrics.ts";
import { openScorer, type AnswerScorer } from "./study/answer-scorer.ts";
import { CONTROL_TEXTS } from "./study/control-texts.ts";
import { guidanceReport, type GuidanceReport, type Margins } from "./study/guidance-measure.ts";
import { readPairSets, spread, type AnswerPair, type PairSet } from "./study/guidance-pairs.ts";
import { MILD_PAIRS } from "./study/mild-pairs.ts";

/** Of each set; three sets take about eight minutes on two busy cores. */
const DEFAULT_LIMIT = 16;
/** Of each answer. */
const MOST_ANSWER_TOKENS = 40;

function modelFile(): string {
  const named = process.env["SETBACK_MODEL_FILE"] ?? "";
  const folder = process.env["SETBACK_WEIGHTS"] ?? join(import.meta.dirname, "..", "local", "weights");
  const file = named === "" ? join(folder, PINNED_WEIGHTS.fileName) : named;
  if (existsSync(file)) return file;
  throw new MissingData(`There is no model at ${file}: run npm start once, or set SETBACK_MODEL_FILE to a GGUF file.`);
}

function pairSets(): PairSet[] {
  if ((process.env["SETBACK_DATA"] ?? "") !== "") return readPairSets(dataFolder(process.env));
  console.log("SETBACK_DATA is not set: these are the project's own mild pairs, too few to conclude anything.");
  return [{ name: "mild pairs", pairs: MILD_PAIRS }];
}

async function margins(scorer: AnswerScorer, { prompt, good, bad }: AnswerPair): Promise<Margins | null> {
  const request = { messages: [{ role: "user" as const, content: prompt }] };
  const margin = async ({ messages }: typeof request | ReturnType<typeof sandwich>["request"]) => {
    const scores = await scorer.score(messages, [good, bad]);
    const [better, worse] = scores ?? [];
    return better === undefined || worse === undefined ? null : better - worse;
  };
  const unguided = await margin(request);
  const guided = await margin(sandwich(request).request);
  const control = await margin(surroundLastTurn(request, CONTROL_TEXTS[languageOf(prompt)]).request);
  return unguided === null || guided === null || control === null ? null : { unguided, guided, control };
}

function percent(share: Proportion | null): string {
  if (share === null) return "–";
  const [value, low, high] = [share.value, share.low, share.high].map((part) => (100 * part).toFixed(0));
  return `${value} % (${low}–${high})`;
}

function line(name: string, { pairs, ...report }: GuidanceReport): string {
  const { onlyGuidance, onlyControl, p } = report.mcnemar;
  return (
    `${name}, ${pairs} pairs: raised by guidance ${percent(report.raisedByGuidance)}, by control ` +
    `${percent(report.raisedByControl)}; McNemar ${onlyGuidance}:${onlyControl}, p ${p.toFixed(3)}; guided above control ` +
    `${percent(report.aboveControl)}; change ${(report.meanChangeGuided ?? 0).toFixed(4)} against ` +
    `${(report.meanChangeControl ?? 0).toFixed(4)} nats a token; good preferred unguided ${percent(report.prefersGoodUnguided)}`
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { limit: { type: "string" }, json: { type: "string" } } });
  const limit = Number(values.limit ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1) throw new MissingData("--limit is a whole number of pairs of each set.");
  const sets = pairSets();
  const scorer = await openScorer(modelFile(), MOST_ANSWER_TOKENS);
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
  };
  // Stopped early it reports what it has: sets go in turn, so that all have come as far.
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const chosen = sets.map(({ name, pairs }) => ({ name, pairs: spread(pairs, limit), margins: new Array<Margins>() }));
  let unread = 0;
  for (let place = 0; place < limit && !stopping.signal.aborted; place += 1) {
    for (const set of chosen) {
      const pair = set.pairs[place];
      if (pair === undefined) continue;
      const measured = await margins(scorer, pair);
      if (measured === null) unread += 1;
      else set.margins.push(measured);
    }
  }
  await scorer.close();
  const reports = chosen.map((set) => ({ name: set.name, report: guidanceReport(set.margins) }));
  for (const { name, report } of reports) console.log(line(name, report));
  if (unread > 0) console.log(`${unread} pairs were too long to be read, or empty.`);
  if (values.json === undefined) return;
  const file = { model: PINNED_WEIGHTS.fileName, mostAnswerTokens: MOST_ANSWER_TOKENS, limit, unread, sets: reports };
  writeFileSync(values.json, `${JSON.stringify(file, null, 2)}\n`);
}

await runWithData(main);
