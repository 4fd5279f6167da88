// Prompt leak: the answer repeats the system prompt, our guidance or a canary, or says what the prompt marks as secret.
// Law: reads every field of the answer; what the user wrote himself is no leak, a canary always is.
import { GUIDANCE_LEAK } from "../policy/category.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { keepsItself, markedSentences, markedSecrets } from "./marked-secrets.ts";
import { foldText } from "./normalise/fold.ts";
import type { Range, TextView } from "./normalise/text-view.ts";
import { viewsOfText } from "./normalise/views.ts";
import { Remembered } from "./remembered.ts";
import { type RepeatedRun, repeatedRuns, wholeRepeats, WindowIndex } from "./repeated-runs.ts";
import { SECRECY_VERSION } from "./rules/secrecy.ts";
import { SecretBook } from "./secret-book.ts";
import type { Finding } from "./verdict.ts";
import { judged } from "./verdicts.ts";
import { wordsOfView } from "./words.ts";

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

/** What one text must keep to itself. */
interface Kept {
  readonly folded: string;
  readonly windows: WindowIndex;
  /** the sentences that say what is secret: any run of them is a leak */
  readonly marked: WindowIndex;
  /** whether the text says that it is itself to be kept */
  readonly keepsItself: boolean;
  readonly secrets: SecretBook;
}

const REMEMBERED_TEXTS = 32;

/**
 * A system prompt is often full of facts to answer with (opening hours, a list of plans), whatever else in it is secret. So a
 * run outside of the sentences that are marked is a leak only where it is nearly the whole prompt, or, if the prompt says
 * that it is itself to be kept, a large part of it.
 */
const NEARLY_WHOLE_SHARE = 0.8;
const LARGE_SHARE = 0.5;
/** Forty words (see `RepeatedRun.weight`). */
const LARGE_WEIGHT = 80;

function isLargeEnough({ start, end, weight }: RepeatedRun, prompt: Kept): boolean {
  const share = (end - start) / prompt.folded.length;
  if (share >= NEARLY_WHOLE_SHARE) return true;
  return prompt.keepsItself && (share >= LARGE_SHARE || weight >= LARGE_WEIGHT);
}

/** What a run in one view covers may be found in another view again; only what goes further counts. */
function withoutDoubles(ranges: readonly Range[]): Range[] {
  let coveredTo = -1;
  return ranges
    .toSorted((left, right) => left.start - right.start || right.end - left.end)
    .filter(({ end }) => {
      const goesFurther = end > coveredTo;
      coveredTo = Math.max(coveredTo, end);
      return goesFurther;
    });
}

function textsOf(exchange: Exchange, role: ExchangeText["role"]): readonly ExchangeText[] {
  return exchange.conversation.filter((text) => text.role === role);
}

function finding(rule: RuleId, location: string, { start, end }: Range): Finding {
  const category = rule === "guidance-run" ? GUIDANCE_LEAK : "prompt_leak";
  return { rule, category, span: { location, start, end }, message: MESSAGES[rule] };
}

/** The first secret in the answer that is in none of `said`. */
function firstUnsaid(book: SecretBook, answer: ExchangeText, said: readonly ExchangeText[]): Range | null {
  let saidSecrets: ReadonlySet<string> | null = null;
  for (const found of book.find(answer)) {
    saidSecrets ??= new Set(said.flatMap((text) => Array.from(book.find(text), ({ secret }) => secret)));
    if (!saidSecrets.has(found.secret)) return found;
  }
  return null;
}

export function createPromptLeakGuardrail({ canaries = [] }: PromptLeakOptions = {}): FastGuardrail {
  const identity = { id: "prompt-leak", version: SECRECY_VERSION };
  const planted = new SecretBook(canaries);
  const kept = new Remembered(REMEMBERED_TEXTS, (text: string): Kept => {
    const folded = foldText(text).text;
    return {
      folded,
      windows: new WindowIndex(folded),
      marked: new WindowIndex(markedSentences(text).join("\n")),
      keepsItself: keepsItself(text),
      secrets: new SecretBook(markedSecrets(text)),
    };
  });

  const findingsIn = (answer: ExchangeText, exchange: Exchange): Finding[] => {
    const users = textsOf(exchange, "user");
    const said = () => users.map(({ text }) => kept.get(text));
    const saidWindows = () => said().map(({ windows }) => windows);
    const runsIn = (rule: RuleId, runsOf: (view: TextView) => readonly RepeatedRun[]): Finding[] => {
      const views = viewsOfText(answer).filter(({ kind }) => kind === "folded");
      const ranges = views.flatMap((view) => runsOf(view).map(({ start, end }) => view.origin(start, end)));
      return withoutDoubles(ranges).map((range) => finding(rule, answer.location, range));
    };
    const promptRuns = (prompt: Kept): Finding[] =>
      runsIn("system-prompt-run", (view) => {
        const words = wordsOfView(view);
        return [
          ...repeatedRuns(words, prompt.windows, saidWindows).filter((run) => isLargeEnough(run, prompt)),
          ...repeatedRuns(words, prompt.marked, saidWindows),
        ];
      });
    const guidanceRuns = ({ windows, folded }: Kept): Finding[] =>
      runsIn("guidance-run", (view) => {
        const words = wordsOfView(view);
        return [
          ...repeatedRuns(words, windows, saidWindows),
          ...wholeRepeats(words, folded, () => said().map((user) => user.folded)),
        ];
      });
    const secretsOf = ({ secrets }: Kept): Finding[] => {
      const leaked = firstUnsaid(secrets, answer, users);
      return leaked === null ? [] : [finding("marked-secret", answer.location, leaked)];
    };
    const systemPrompts = textsOf(exchange, "system").map(({ text }) => kept.get(text));
    const canary = firstUnsaid(planted, answer, []);
    return [
      ...systemPrompts.flatMap(promptRuns),
      ...exchange.guidance.flatMap((text) => guidanceRuns(kept.get(text))),
      ...systemPrompts.flatMap(secretsOf),
      ...(canary === null ? [] : [finding("canary", answer.location, canary)]),
    ];
  };

  return {
    ...identity,
    sides: ["output"],
    categories: ["prompt_leak", GUIDANCE_LEAK],
    check: (exchange, side) =>
      judged(
        identity,
        side,
        exchange.answer.flatMap((answer) => findingsIn(answer, exchange)),
      ),
  };
}
