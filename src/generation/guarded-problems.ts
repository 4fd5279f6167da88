// The problems that guardrails themselves cause. Law: never a status that SDKs retry for a block (408, 409, 429, 5xx).
import { isUnsupported } from "../guardrail/unsupported-language.ts";
import { isUnread } from "../guardrail/unread.ts";
import type { Side, Verdict } from "../guardrail/verdict.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";
import { blockedSentence } from "./blocked-sentences.ts";
import { asAttack, explain, filterResults } from "./guard-choice.ts";

/**
 * Azure's shape for a filtered prompt: `code: content_filter` with `innererror.content_filter_result`.
 * @param attackId null where nothing was captured
 */
export function inputBlocked(
  policy: Policy,
  verdicts: readonly Verdict[],
  messages: readonly ChatMessage[],
  attackId: string | null,
): Problem {
  return {
    status: 400,
    type: "invalid_request_error",
    code: "content_filter",
    message: blockedSentence("input", messages),
    param: "messages",
    details: {
      innererror: {
        code: "ResponsibleAIPolicyViolation",
        content_filter_result: filterResults(policy, "input", verdicts),
      },
      setback: explain(
        "block",
        verdicts.filter((verdict) => verdict.status === "flag" || isUnsupported(verdict) || isUnread(verdict)),
        asAttack(attackId),
      ),
    },
  };
}

/** After an answer was made, another attempt would only cost another one: SDKs are told not to. */
export function guardrailUnavailable(guardrail: string, side: Side): Problem {
  return {
    status: 503,
    type: "server_error",
    code: "guardrail_unavailable",
    message: `The guardrail "${guardrail}" failed, and the policy lets nothing through unchecked. Try again later.`,
    param: null,
    cause: guardrail,
    ...(side === "output" ? { headers: { "x-should-retry": "false" } } : {}),
  };
}
