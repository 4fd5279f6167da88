// From one line of an import to what it says. Law: refused whole, with the place and the reason.
import { err, ok, type Result } from "../../lib/result.ts";
import { sha256 } from "../../lib/hash.ts";
import { mistakeKind } from "../../mistake/mistake-kind.ts";
import type { MistakeKind } from "../../mistake/mistake.ts";
import { redactExchange } from "../../mistake/redact-exchange.ts";
import { type Category, isCategory } from "../../policy/category.ts";
import { answerMessage, type ChatMessage, type CompletionMessage } from "../../wire/chat-completion.ts";
import { firstIssue } from "../../wire/first-issue.ts";
import { type ImportLine, importLineSchema } from "../../wire/import-line.ts";
import { REPORTED } from "../feedback/plan-effect.ts";

export interface LineFault {
  /** null where the line is no JSON */
  readonly path: string | null;
  readonly message: string;
}

export interface ReadLine {
  readonly messages: readonly ChatMessage[];
  readonly answer: CompletionMessage;
  readonly categories: readonly Category[];
  readonly kind: MistakeKind;
  readonly given: Pick<ImportLine, "comment" | "correction" | "model" | "created_at">;
  /** by which it is known again: of its own id, else of its content as it is stored */
  readonly hash: string;
}

export async function readImportLine(value: unknown): Promise<Result<ReadLine, LineFault>> {
  const parsed = importLineSchema.safeParse(value);
  if (!parsed.success) {
    const { param, message } = firstIssue(parsed.error);
    return err({ path: param ?? "", message });
  }
  const { id, messages, answer: said, category, categories = [], kind, ...given } = parsed.data;
  const named = [...(category === undefined ? [] : [category]), ...categories];
  const unknown = named.find((each) => !isCategory(each));
  if (unknown !== undefined) return err({ path: "categories", message: `"${unknown}" is no category` });
  const known = [...new Set(named.filter(isCategory))];
  const flagged = known.length > 0 ? known : [REPORTED];
  const answer = answerMessage(said);
  const stored = redactExchange(messages, answer, []);
  const name = id === undefined ? ["content", stored.messages, stored.answer] : ["id", id];
  const hash = await sha256(JSON.stringify(name));
  return ok({ messages, answer, categories: flagged, kind: kind ?? mistakeKind(flagged), given, hash });
}
