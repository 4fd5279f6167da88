// Stage 4 for streams: input guardrails, guidance, the model's stream, guarded while it comes.
// Law: a problem before the first byte is an ordinary error reply; the mode that the policy names is the mode that is used.
import { ok, type Result } from "../../lib/result.ts";
import type { Problem } from "../../problem.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";
import type { Caller } from "../capture-choice.ts";
import { type CompletionDependencies, guardrailCall } from "../guarded-completion.ts";
import { guardInput } from "../guard-input.ts";
import { guideRequest } from "../guidance/guide-request.ts";
import { GuardedStream } from "./guarded-stream.ts";
import { streamContext } from "./stream-context.ts";
import { StreamUsage } from "./stream-usage.ts";

/** For the modes `hold_back` and `observe`; `buffer` is a whole completion, sent as chunks. */
export async function streamGuarded(
  dependencies: CompletionDependencies,
  request: ChatRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<Result<GuardedStream, Problem>> {
  const call = guardrailCall(dependencies, request, caller, signal);
  const opened = await guardInput(dependencies, request, caller, call, async (given, verdicts) => {
    const guided = await guideRequest(dependencies, request, caller, verdicts, given);
    const started = await (dependencies.answers ?? dependencies.model).stream(guided.request, given);
    return started.ok ? ok({ guided, stream: started.value }) : started;
  });
  if (!opened.ok) return opened;
  const { guided, stream } = opened.value.value;
  const { verdicts } = opened.value;
  const context = streamContext(dependencies, request, caller, guided, verdicts, call);
  return ok(new GuardedStream(context, stream, new StreamUsage(guided.request, caller, dependencies.meter)));
}
