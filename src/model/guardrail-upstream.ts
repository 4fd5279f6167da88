// A guardrail's own server, as judges see it. Law: one upstream of the project with purpose "guardrail", never one that answers chats.
import type { ChatModel } from "./chat-model.ts";
import type { HttpEndpoint } from "./http-endpoint.ts";

export interface GuardrailUpstream {
  /** as an OpenAI-compatible server */
  readonly chat: ChatModel;
  /** as anything else that speaks JSON */
  readonly endpoint: HttpEndpoint;
}

/** null where the project has no such upstream, or has it no longer */
export type FindGuardrailUpstream = (name: string) => Promise<GuardrailUpstream | null>;

/** Of a caller without a project. */
export const noGuardrailUpstream: FindGuardrailUpstream = async () => await Promise.resolve(null);
