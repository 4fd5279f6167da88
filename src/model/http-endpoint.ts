// Port: a server that takes JSON and answers with JSON. Law: a failure is a Result; nothing is thrown but an abort.
import type { Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";

export interface JsonPost {
  /** below the server's address; "" is the address itself */
  readonly path: string;
  readonly body: unknown;
  /**
   * How the upstream's key is used. `bearer`: in the header `authorization`, where there is one. `signature`: it signs the request
   * as Standard Webhooks does and is not sent; without a key nothing is sent at all.
   */
  readonly proof: "bearer" | "signature";
}

export interface HttpEndpoint {
  post(post: JsonPost, signal: AbortSignal): Promise<Result<unknown, Problem>>;
}
