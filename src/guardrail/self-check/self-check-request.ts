// What the judge is asked: one user turn in a fresh context, since models go easier on text in their own assistant turn
// (arXiv 2603.04582). Law: every quoted text stands between delimiters that it does not contain; no guidance, nothing stored.
import type { RandomBytes } from "../../lib/ids.ts";
import { CATEGORY_TITLES } from "../../policy/category.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import type { Side } from "../verdict.ts";
import { HAZARDS, OTHER_HARM_ID } from "./judged-categories.ts";
import { drawToken } from "../judges/draw-token.ts";
import type { Piece } from "../judges/quoted-turns.ts";
import { withoutSpecialTokens } from "../judges/special-tokens.ts";
import type { SelfCheckPrompt } from "./self-check-prompts.ts";

/** The form asked for has about twenty. */
const MOST_ANSWER_TOKENS = 60;

/** OpenAI's structured outputs (platform.openai.com/docs/guides/structured-outputs). */
const RESPONSE_FORMAT = {
  type: "json_schema",
  json_schema: {
    name: "judgement",
    strict: true,
    schema: {
      type: "object",
      properties: {
        violation: { type: "string", enum: ["yes", "no"] },
        category: { type: "string", enum: ["none", ...HAZARDS, OTHER_HARM_ID] },
      },
      required: ["violation", "category"],
      additionalProperties: false,
    },
  },
} as const;

function quoted({ turns, isCut }: Piece, label: string, prompt: SelfCheckPrompt, token: string): readonly string[] {
  return turns.map(({ role, text }, place) => {
    const cut = isCut && place === 0 ? `${prompt.cut} ` : "";
    return `=== ${token} ${label}: ${role}\n${cut}${withoutSpecialTokens(text)}`;
  });
}

function categoryList({ titles, otherHarm }: SelfCheckPrompt): string {
  const named: Readonly<Record<string, string>> = titles ?? CATEGORY_TITLES;
  return [...HAZARDS.map((id) => `${id} ${named[id] ?? ""}`), `${OTHER_HARM_ID} ${otherHarm}`].join("; ");
}

export interface Question {
  readonly side: Side;
  readonly context: Piece;
  readonly judged: Piece;
}

export function selfCheckRequest(
  { side, context, judged }: Question,
  prompt: SelfCheckPrompt,
  randomBytes: RandomBytes,
): ChatRequest {
  const token = drawToken(
    [...context.turns, ...judged.turns].map(({ text }) => text),
    randomBytes,
  );
  const content = [
    prompt.task[side].replace("TOKEN", token),
    "",
    ...quoted(context, prompt.labels.context, prompt, token),
    ...quoted(judged, prompt.labels.judged, prompt, token),
    `=== ${token} ${prompt.labels.end}`,
    "",
    prompt.question[side],
    prompt.caution,
    `${prompt.categoriesLabel}: ${categoryList(prompt)}`,
    prompt.format,
  ].join("\n");
  return {
    messages: [{ role: "user", content }],
    temperature: 0,
    max_tokens: MOST_ANSWER_TOKENS,
    response_format: RESPONSE_FORMAT,
  };
}
