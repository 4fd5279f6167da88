// The log probabilities of a piece of an answer, or of a whole one. Law: they repeat tokens, so they leave with the very text that they
// repeat, which is checked, or not at all; the tokens that the model did not choose leave only where they were read too.
import { actionFor, letsPass } from "../guardrail/decide.ts";
import type { Exchange } from "../guardrail/exchange.ts";
import type { FastGuardrail } from "../guardrail/guardrail.ts";
import type { Policy } from "../policy/policy.ts";
import { knownLogprobs } from "./known-fields.ts";

/** Whether a text has what the policy withholds. */
export type Withholds = (text: string) => boolean;

/** For texts that are too small for a score or a judge: by all guardrails that read pieces. One that fails finds. */
export function withholdsPieces(fast: readonly FastGuardrail[], policy: Policy, exchange: Exchange): Withholds {
  const reading = fast.filter((guardrail) => guardrail.sides.includes("output") && "glimpse" in guardrail);
  return (text) => {
    const piece = { role: "assistant" as const, text, location: "content" };
    return reading.some((guardrail) => {
      try {
        const findings = guardrail.glimpse?.(piece, exchange).findings ?? [];
        return findings.some(({ category }) => !letsPass(actionFor(policy, "output", category)));
      } catch {
        return true;
      }
    });
  };
}

type Logprobs = NonNullable<ReturnType<typeof knownLogprobs>>;
type Tokens = NonNullable<Logprobs["content"]>;
type Token = Omit<Tokens[number], "top_logprobs">;

/** Longer than any token is; what one says of its bytes must be that very token. */
const MOST_TOKEN_UNITS = 128;

function soundToken<Given extends Token>(token: Given): Given {
  const { bytes } = token;
  if (bytes === null || bytes === undefined) return token;
  const own = new TextEncoder().encode(token.token);
  return own.length === bytes.length && own.every((byte, place) => byte === bytes[place])
    ? token
    : { ...token, bytes: null };
}

/** The tokens of each rank one behind the other, as if they had been chosen, and each by itself. */
function areAlternativesClean(tokens: Tokens, withholds: Withholds): boolean {
  const ranks: string[] = [];
  for (const { top_logprobs: alternatives } of tokens) {
    for (const [rank, { token }] of (alternatives ?? []).entries()) {
      if (token.length > MOST_TOKEN_UNITS) return false;
      ranks[rank] = (ranks[rank] ?? "") + token;
    }
  }
  // A space behind it ends what could still go on.
  return ranks.every((text) => !withholds(`${text} `));
}

function soundTokens(tokens: Tokens, withholds: Withholds): Tokens {
  const isClean = areAlternativesClean(tokens, withholds);
  return tokens.map((token) => ({
    ...soundToken(token),
    ...(token.top_logprobs === undefined
      ? {}
      : { top_logprobs: isClean ? (token.top_logprobs?.map(soundToken) ?? null) : [] }),
  }));
}

/** null where they say something else than the text does, as with servers that send them apart from the text. */
export function soundLogprobs(
  logprobs: unknown,
  texts: Readonly<Partial<Record<"content" | "refusal", unknown>>>,
  withholds: Withholds,
): Logprobs | null {
  const known = knownLogprobs(logprobs);
  if (known === null) return null;
  const sound: Logprobs = { ...known };
  for (const field of ["content", "refusal"] as const) {
    const tokens = known[field] ?? [];
    if (tokens.length === 0) continue;
    const text = texts[field];
    // Servers cut white space off the ends of an answer, and not off its tokens.
    if (
      typeof text !== "string" ||
      tokens
        .map(({ token }) => token)
        .join("")
        .trim() !== text.trim()
    )
      return null;
    sound[field] = soundTokens(tokens, withholds);
  }
  return sound;
}
