// The log probabilities of one piece of a stream. Law: they repeat tokens, so they leave with the very text that they repeat, which
// is checked, or not at all.
import { textField } from "../../lib/record.ts";
import type { Fields } from "../../wire/chat-chunk.ts";
import { knownLogprobs } from "../known-fields.ts";

/** null where they say something else than the delta does, as with servers that send them apart from the text. */
export function soundLogprobs(logprobs: unknown, delta: Fields): unknown {
  const known = knownLogprobs(logprobs);
  const isOfDelta = (["content", "refusal"] as const).every((field) => {
    const tokens = known?.[field] ?? [];
    return tokens.length === 0 || tokens.map(({ token }) => token).join("") === textField(delta, field);
  });
  return isOfDelta ? known : null;
}
