// Prompt leak: the answer repeats the system prompt, our guidance or a canary, or says what the prompt marks as secret.
// Law: reads every field of the answer; what the user wrote himself is no leak, a canary always is.
import { GUIDANCE_LEAK } from "../policy/category.ts";
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { FastGuardrail } from "./guardrail.ts";
import { markedSecrets, marksSecrecy } from "./marked-secrets.ts";
import { foldText } from "./normalise/fold.ts";
import type { Range } from "./normalise/text-view.ts";
import { viewsOfText } from "./normalise/views.ts";
import { Remembered } from "./remembered.ts";
import { repeatedRuns, WindowIndex } from "./repeated-runs.ts";
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
  readonly windows: WindowIndex;
  /** runs shorter than this many folded characters are no leak of it */
  readonly leastCharacters: number;
  readonly secrets: SecretBook;
}

const REMEMBERED_TEXTS = 32;

/**
 * A system prompt that says nothing of secrecy is often full of facts to answer with (opening hours, a list of answers), so
 * a run of it is a leak only where it is nearly the whole prompt.
 */
const UNMARKED_SHARE = 0.8;

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
      windows: new WindowIndex(folded),
      leastCharacters: marksSecrecy(text) ? 0 : UNMARKED_SHARE * folded.length,
      secrets: new SecretBook(markedSecrets(text)),
    };
  });

  const findingsIn = (answer: ExchangeText, exchange: Exchange): Finding[] => {
    const users = textsOf(exchange, "user");
    const runsOf = (rule: RuleId, { windows }: Kept, leastCharacters: number): Finding[] => {
      const [view] = viewsOfText(answer);
      if (view === undefined) return [];
      return repeatedRuns(wordsOfView(view), windows, () => users.map(({ text }) => kept.get(text).windows))
        .filter(({ start, end }) => end - start >= leastCharacters)
        .map(({ start, end }) => finding(rule, answer.location, view.origin(start, end)));
    };
    const secretsOf = ({ secrets }: Kept): Finding[] => {
      const leaked = firstUnsaid(secrets, answer, users);
      return leaked === null ? [] : [finding("marked-secret", answer.location, leaked)];
    };
    const systemPrompts = textsOf(exchange, "system").map(({ text }) => kept.get(text));
    const canary = firstUnsaid(planted, answer, []);
    return [
      ...systemPrompts.flatMap((prompt) => runsOf("system-prompt-run", prompt, prompt.leastCharacters)),
      ...exchange.guidance.flatMap((text) => runsOf("guidance-run", kept.get(text), 0)),
      ...systemPrompts.flatMap(secretsOf),
      ...(canary === null ? [] : [finding("canary", answer.location, canary)]),
    ];
  };

  return {
    ...identity,
    sides: ["output"],
    check: (exchange, side) =>
      judged(
        identity,
        side,
        exchange.answer.flatMap((answer) => findingsIn(answer, exchange)),
      ),
  };
}
