// Port: which model a project asks. Law: never throws; a project whose upstreams can't be known gets a model that is a problem.
import type { ChatModel } from "./chat-model.ts";
import type { GuardrailUpstream } from "./guardrail-upstream.ts";

export interface ModelDirectory {
  /** for what a client asks */
  forProject(projectId: string): Promise<ChatModel>;
  /** for analyses and judges, whose model's name may not be one that clients can ask for */
  forOwnCalls(projectId: string): Promise<ChatModel>;
  /** for judges; null where the project has no upstream of purpose "guardrail" with this name */
  guardrailUpstream(projectId: string, name: string): Promise<GuardrailUpstream | null>;
  /** for candidates; null where the project has no upstream of purpose "candidate" with this name */
  candidateModel(projectId: string, name: string): Promise<ChatModel | null>;
}
