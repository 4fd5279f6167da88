// A name that a stranger gave (a model's, a completion's), fit to be stored: short, well-formed and redacted.
import { redactedText } from "./redaction.ts";

const MOST_NAME_CHARACTERS = 200;

export function soundName(name: string): string {
  return redactedText(name.slice(0, MOST_NAME_CHARACTERS));
}
