// Prompt leak: the answer repeats the system prompt, our guidance or a canary, or says what the prompt marks as secret.
// Law: reads every field of the answer; what the user wrote himself is no leak, a canary always is.
import { GUIDANCE_LEAK } from "../policy/category.ts";
import { distinctRanges } from "./distinct-ranges.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { KeptText } from "./kept-text.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { viewsOfText } from "./normalise/views.ts";
import { isFirm, openOrigin, partialViewsOf } from "./partial-views.ts";
import { Remembered } from "./remembered.ts";
import { type RepeatedRun, WindowedWords } from "./repeated-runs.ts";
import { SECRECY_VERSION } from "./rules/secrecy.ts";
import { type FoundSecret, SecretBook } from "./secret-book.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";
import { withoutLast, type Words, wordsOfView } from "./words.ts";

export interface PromptLeakOptions {
  /** strings planted in system prompts or documents for no other purpose than to be seen here */
  readonly canaries?: readonly string[];
}

const MESSAGES = {
  "system-prompt-run": "The answer repeats a run of the system prompt.",
  "guidance-run": "The answer repeats a run of the guidance.",
  "marked-secret": "The answer says something that the system prompt marks as secret.",
  canary: "The answer contains a canary.",
} as const;

type RuleId = keyof typeof MESSAGES;

/** How a text of an answer is read: whole, or as a piece of which more may come. */
interface Reading {
  readonly text: ExchangeText;
  readonly wordsIn: (view: TextView) => Words;
  readonly secretsOf: (book: SecretBook) => Iterable<FoundSecret>;
}

const REMEMBERED_TEXTS = 32;
/** of the secrets of one text in one answer */
const MAXIMUM_SECRETS = 100;

function whole(text: ExchangeText): Reading {
  return { text, wordsIn: wordsOfView, secretsOf: (book) => book.find(text) };
}

function unfinished(piece: ExchangeText): Reading {
  const wordsIn = (view: TextView): Words => {
    const words = wordsOfView(view);
    if (words.length === 0) return words;
    const last = words.length - 1;
    const range = { start: words.starts[last] ?? 0, end: words.ends[last] ?? 0 };
    return isFirm(view, range, piece) ? words : withoutLast(words);
  };
  return { text: piece, wordsIn, secretsOf: (book) => book.findFirm(piece) };
}

function textsOf(exchange: Exchange, role: ExchangeText["role"]): readonly ExchangeText[] {
  return exchange.conversation.filter((text) => text.role === role);
}

function findingOf(rule: RuleId, location: string, { start, end }: Range): Finding {
  const category = rule === "guidance-run" ? GUIDANCE_LEAK : "prompt_leak";
  return { rule, category, span: { location, start, end }, message: MESSAGES[rule] };
}

/** Where a reading has a secret that is in none of `said`. */
function unsaid(book: SecretBook, { secretsOf }: Reading, said: readonly ExchangeText[]): Range[] {
  let saidSecrets: ReadonlySet<string> | null = null;
  const ranges: Range[] = [];
  for (const found of secretsOf(book)) {
    saidSecrets ??= new Set(said.flatMap((text) => Array.from(book.find(text), ({ secret }) => secret)));
    if (!saidSecrets.has(found.secret)) ranges.push(found);
    if (ranges.length >= MAXIMUM_SECRETS) break;
  }
  return distinctRanges(ranges);
}

interface ViewWords {
  readonly view: TextView;
  readonly words: WindowedWords;
}

function viewWords({ text, wordsIn }: Reading): ViewWords[] {
  return viewsOfText(text)
    .filter(({ kind }) => kind === "folded")
    .map((view) => ({ view, words: new WindowedWords(wordsIn(view)) }));
}

/** Where runs lie; one in one view may be found in another again. */
function runsIn(read: readonly ViewWords[], runsOf: (words: WindowedWords) => readonly RepeatedRun[]): Range[] {
  return distinctRanges(
    read.flatMap(({ view, words }) => runsOf(words).map(({ start, end }) => view.origin(start, end))),
  );
}

/** Where a run of a kept text began that goes on; one that is found already leaves open only the word in work. */
function openRunFrom(kept: KeptText, piece: ExchangeText, findings: readonly Finding[]): number {
  let from = piece.text.length;
  for (const view of partialViewsOf(piece).views) {
    const run = kept.beginnings.openRun(view.text, wordsOfView(view));
    if (run === null) continue;
    const { end } = view.origin(run.start, run.end);
    const isFound = findings.some(({ span }) => span?.end === end);
    from = Math.min(from, openOrigin(view, isFound ? run.unfinishedFrom : run.start, piece));
  }
  return from;
}

export function createPromptLeakGuardrail({ canaries = [] }: PromptLeakOptions = {}): FastGuardrail {
  const identity = { id: "prompt-leak", version: SECRECY_VERSION };
  const planted = new SecretBook(canaries);
  const remembered = new Remembered(REMEMBERED_TEXTS, (text: string) => new KeptText(text));
  const keptOf = (texts: readonly string[]): KeptText[] => texts.map((text) => remembered.get(text));
  const promptsOf = (exchange: Exchange): KeptText[] => keptOf(textsOf(exchange, "system").map(({ text }) => text));

  const findingsIn = (reading: Reading, exchange: Exchange): Finding[] => {
    const users = textsOf(exchange, "user");
    const said = () => keptOf(users.map(({ text }) => text));
    const tell = (rule: RuleId, ranges: readonly Range[]): Finding[] =>
      ranges.map((range) => findingOf(rule, reading.text.location, range));
    const prompts = promptsOf(exchange);
    if (prompts.length === 0 && exchange.guidance.length === 0 && planted.isEmpty) return [];
    const read = viewWords(reading);
    return [
      ...prompts.flatMap((kept) =>
        tell(
          "system-prompt-run",
          runsIn(read, (words) => kept.promptRuns(words, said)),
        ),
      ),
      ...keptOf(exchange.guidance).flatMap((kept) =>
        tell(
          "guidance-run",
          runsIn(read, (words) => kept.guidanceRuns(words, said)),
        ),
      ),
      ...prompts.flatMap(({ secrets }) => tell("marked-secret", unsaid(secrets, reading, users))),
      ...tell("canary", unsaid(planted, reading, [])),
    ];
  };

  const openFrom = (piece: ExchangeText, exchange: Exchange, findings: readonly Finding[]): number => {
    const prompts = promptsOf(exchange);
    const kept = [...prompts, ...keptOf(exchange.guidance)];
    if (kept.length === 0 && planted.isEmpty) return piece.text.length;
    return Math.min(
      partialViewsOf(piece).encodedFrom,
      planted.openFrom(piece),
      ...prompts.map(({ secrets }) => secrets.openFrom(piece)),
      ...kept.map((one) => openRunFrom(one, piece, findings)),
    );
  };

  return {
    ...identity,
    sides: ["output"],
    categories: ["prompt_leak", GUIDANCE_LEAK],
    check: (exchange, side) =>
      judged(
        identity,
        side,
        exchange.answer.flatMap((text) => findingsIn(whole(text), exchange)),
      ),
    glimpse: (piece, exchange) => {
      const findings = findingsIn(unfinished(piece), exchange);
      return { findings, openFrom: openFrom(piece, exchange, findings) };
    },
  };
}
