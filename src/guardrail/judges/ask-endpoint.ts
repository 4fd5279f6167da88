// One question to a guardrail behind plain HTTP. Law: every call is paid for, by an estimate, since such servers count no tokens.
import { err, ok, type Result } from "../../lib/result.ts";
import type { JsonPost } from "../../model/http-endpoint.ts";
import { estimatedTokens } from "../../wire/completion-tokens.ts";
import type { GuardrailCall } from "../guardrail.ts";
import { upstreamOf } from "./ask-chat.ts";

export interface EndpointQuestion extends JsonPost {
  readonly upstream: string;
  /** under which name the call is counted */
  readonly model: string;
  /** what is judged in it */
  readonly texts: readonly string[];
}

export async function askEndpoint(
  { upstream, model, texts, ...post }: EndpointQuestion,
  call: GuardrailCall,
): Promise<Result<unknown, string>> {
  call.signal.throwIfAborted();
  const found = await upstreamOf(upstream, call);
  if (!found.ok) return found;
  const answered = await found.value.endpoint.post(post, call.signal);
  if (!answered.ok) return err(`the judge could not be asked: ${answered.error.code}`);
  call.spend({ model, promptTokens: estimatedTokens(texts), completionTokens: 0 });
  return ok(answered.value);
}
