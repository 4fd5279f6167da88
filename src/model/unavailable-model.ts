// The model of a project that can't be asked now. Law: every call is the same problem.
import { err, type Result } from "../lib/result.ts";
import type { Problem } from "../problem.ts";
import type { ChatModel } from "./chat-model.ts";

type Failed = Result<never, Problem>;

export class UnavailableModel implements ChatModel {
  readonly #failed: Failed;

  constructor(problem: Problem) {
    this.#failed = err(problem);
  }

  async complete(): Promise<Failed> {
    return await Promise.resolve(this.#failed);
  }

  async stream(): Promise<Failed> {
    return await Promise.resolve(this.#failed);
  }

  async models(): Promise<Failed> {
    return await Promise.resolve(this.#failed);
  }
}
