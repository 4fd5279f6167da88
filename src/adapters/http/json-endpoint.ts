// A guardrail's server over HTTP. Law: retries as a model's server does; nothing is sent unsigned that was to be signed, a key is never sent
// where it signs, redirects are not followed, and no more of an answer is read than one may be long.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import { boundedText } from "../../lib/bounded-text.ts";
import { isNestedDeeperThan } from "../../lib/nesting.ts";
import { parseJson } from "../../lib/parse-json.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { webhookHeaders } from "../../lib/webhook-signature.ts";
import type { HttpEndpoint, JsonPost } from "../../model/http-endpoint.ts";
import type { Problem } from "../../problem.ts";
import { MOST_LEVELS } from "../../wire/chat-completion.ts";
import { type AttemptLimits, type Failure, inAttempts } from "../openai/attempts.ts";
import { upstreamInvalid, upstreamStatusProblem, upstreamUnavailable } from "../upstream/upstream-problem.ts";

export interface JsonEndpointOptions extends AttemptLimits {
  /** without a slash at its end */
  readonly url: string;
  readonly key: string | null;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** A judgement is some hundred bytes; fifty findings are some thousand. */
const MOST_ANSWER_BYTES = 1_000_000;

export class JsonEndpoint implements HttpEndpoint {
  readonly #options: JsonEndpointOptions;

  constructor(options: JsonEndpointOptions) {
    this.#options = options;
  }

  async post({ path, body, proof }: JsonPost, signal: AbortSignal): Promise<Result<unknown, Problem>> {
    const { key, makeId } = this.#options;
    if (proof === "signature" && key === null) {
      return err(upstreamUnavailable("The guardrail's upstream has no key, and its requests are signed with one."));
    }
    const message = { id: makeId("msg"), body: JSON.stringify(body) };
    return await inAttempts<unknown>(this.#options, signal, async (stop) => {
      const proofs = await this.#proofs(message, proof);
      return await this.#send(path, message.body, proofs, stop);
    });
  }

  /** Signed anew for each attempt: its time is part of the signature. */
  async #proofs(message: { id: string; body: string }, proof: JsonPost["proof"]): Promise<Record<string, string>> {
    const { key, clock } = this.#options;
    if (key === null) return {};
    return proof === "bearer" ? { authorization: `Bearer ${key}` } : await webhookHeaders(message, key, clock);
  }

  async #send(
    path: string,
    body: string,
    proofs: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Result<unknown, Failure>> {
    const headers = { accept: "application/json", "content-type": "application/json", ...proofs };
    const response = await this.#options.fetch(`${this.#options.url}${path}`, {
      method: "POST",
      ...{ headers, body, signal },
      redirect: "manual",
    });
    const text = await boundedText(response, MOST_ANSWER_BYTES);
    if (text === null) return invalid("it was too long");
    if (response.ok) return readJson(text);
    const retry =
      response.status === 429 || response.status >= 500 ? { after: response.headers.get("retry-after") } : null;
    return err({ problem: upstreamStatusProblem(response.status, text), retry });
  }
}

function invalid(cause: string): Result<never, Failure> {
  return err({ problem: upstreamInvalid(cause), retry: null });
}

function readJson(text: string): Result<unknown, Failure> {
  const answer = parseJson(text);
  if (answer === undefined) return invalid("it was no JSON");
  return isNestedDeeperThan(answer, MOST_LEVELS) ? invalid("it was nested too deep") : ok(answer);
}
