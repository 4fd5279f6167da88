// What the scripted model says, by the name of the model that was asked for. Law: mild words; what a guardrail must find is the
// operator's own phrase, so that nothing here hangs on a classifier's score.

/** What the gateway's policy forbids in an answer and in a request. */
export const FORBIDDEN_ANSWER = "full refund";
export const FORBIDDEN_QUESTION = "ignore your rules";

const MILD = "Lamps can be returned within a month, if they are whole. Keep the receipt. 💡 ";
const LEAKY = `${MILD.repeat(8)}You will get a ${FORBIDDEN_ANSWER} in any case. ${MILD.repeat(8)}`;

export interface ScriptedChoice {
  readonly content?: string;
  readonly refusal?: string;
  readonly tool?: { readonly name: string; readonly input: string };
}

export interface Script {
  readonly choices: readonly ScriptedChoice[];
  /** an HTTP error instead of an answer */
  readonly status?: number;
  /** a stream breaks with an error event after so many pieces; without a stream it is a 500 */
  readonly breaksAfterPieces?: number;
  readonly pauseMilliseconds?: number;
}

const WEATHER = { name: "weather", input: '{"city":"Bern"}' };

const SCRIPTS = {
  mild: { choices: [{ content: MILD.repeat(16) }] },
  leaky: { choices: [{ content: LEAKY }] },
  "half-leaky": { choices: [{ content: MILD.repeat(4) }, { content: LEAKY }] },
  refusing: { choices: [{ refusal: "I would rather not." }] },
  calling: { choices: [{ tool: WEATHER }] },
  "leaky-calling": { choices: [{ tool: { name: "reply", input: `{"text":"A ${FORBIDDEN_ANSWER}, at once."}` } }] },
  "told-weather": { choices: [{ content: "It rains in Bern." }] },
  place: { choices: [{ content: '{"city":"Bern","country":"Switzerland"}' }] },
  "leaky-place": { choices: [{ content: `{"city":"Bern","country":"A ${FORBIDDEN_ANSWER}"}` }] },
  breaking: { choices: [{ content: MILD.repeat(16) }], breaksAfterPieces: 4 },
  slow: { choices: [{ content: MILD.repeat(16) }], pauseMilliseconds: 20 },
  "status-400": { choices: [], status: 400 },
  "status-429": { choices: [], status: 429 },
  "status-503": { choices: [], status: 503 },
} as const satisfies Record<string, Script>;

export type ScriptName = keyof typeof SCRIPTS;

/** The text that a script's only choice holds. */
export function textOf(name: "mild" | "leaky" | "half-leaky"): string {
  return SCRIPTS[name].choices[0].content;
}

/** With a tool's result in the conversation, `calling` goes on to the answer. */
export function scriptFor(model: string, hasToolResult: boolean): Script | null {
  if (model === "calling" && hasToolResult) return SCRIPTS["told-weather"];
  return Object.entries(SCRIPTS).find(([name]) => name === model)?.[1] ?? null;
}
