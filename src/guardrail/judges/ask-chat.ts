// One question to a guard model on a chat server. Law: every call is paid for; a refusal, a cut-off answer and an empty one are no
// answers, and neither is a server that can't be reached or is not there.
import { err, ok, type Result } from "../../lib/result.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { ChatCompletion, ChatRequest } from "../../wire/chat-completion.ts";
import { ownCallTokens } from "../../wire/completion-tokens.ts";
import type { GuardrailUpstream } from "../../model/guardrail-upstream.ts";
import type { GuardrailCall } from "../guardrail.ts";

/** Where a judge asks. */
export interface JudgeServer {
  /** the name of one of the project's upstreams with purpose "guardrail" */
  readonly upstream: string;
  /** null: as the upstream's own map says */
  readonly model: string | null;
}

export async function upstreamOf(name: string, call: GuardrailCall): Promise<Result<GuardrailUpstream, string>> {
  const upstream = await call.upstream(name);
  return upstream === null ? err(`the project has no guardrail upstream "${name}"`) : ok(upstream);
}

/** What a model said, whole. */
export function saidIn({ choices }: ChatCompletion): Result<string, string> {
  const choice = choices[0];
  if (choice === undefined) return err("the judge said nothing");
  const { message, finish_reason: finish } = choice;
  if (typeof message.refusal === "string" && message.refusal !== "") return err("the judge declined to judge");
  if (finish === "length") return err("the judge was cut off");
  if (finish === "content_filter") return err("the judge's own answer was withheld");
  const said = message.content ?? "";
  return said.trim() === "" ? err("the judge said nothing") : ok(said);
}

/** @param complete asks the model in another way than once */
export async function askModel(
  model: ChatModel,
  request: ChatRequest,
  call: GuardrailCall,
  complete: ChatModel["complete"] = async (given, signal) => await model.complete(given, signal),
): Promise<Result<string, string>> {
  call.signal.throwIfAborted();
  const completed = await complete(request, call.signal);
  if (!completed.ok) return err(`the judge could not be asked: ${completed.error.code}`);
  call.spend({ model: completed.value.model, ...ownCallTokens(request, completed.value) });
  return saidIn(completed.value);
}

export async function askChat(
  { upstream, model }: JudgeServer,
  request: ChatRequest,
  call: GuardrailCall,
): Promise<Result<string, string>> {
  const found = await upstreamOf(upstream, call);
  if (!found.ok) return found;
  return await askModel(found.value.chat, model === null ? request : { ...request, model }, call);
}
