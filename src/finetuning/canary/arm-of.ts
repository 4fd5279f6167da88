// Which arm a conversation is in. Law: pure — the same conversation is in the same arm in every isolate, and a larger share only adds
// conversations, so that none is split by it.
import { fnv1a } from "../../lib/fnv1a.ts";
import { endUserIdOf } from "../../generation/end-user-of.ts";
import type { TrialArm } from "../../access/trial.ts";
import type { Candidate } from "../../release/candidate.ts";
import type { ChatRequest } from "../../wire/chat-completion.ts";

const HASHES = 2 ** 32;

/**
 * The end user of a key, where the request names one. Else the conversation by how it began: its first turns up to the user's come with
 * every later request of it.
 */
export function subjectOf(keyId: string, request: ChatRequest): string {
  const user = endUserIdOf(request);
  if (user !== null) return JSON.stringify([keyId, "user", user]);
  const first = request.messages.findIndex(({ role }) => role === "user");
  const opening = request.messages.slice(0, first + 1).map(({ role, content }) => [role, content]);
  return JSON.stringify([keyId, "opening", opening]);
}

/** FNV-1a's last characters reach its low bits first: a finaliser (MurmurHash3's) spreads them over all. */
function spread(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

export function armOf({ id, share }: Pick<Candidate, "id" | "share">, subject: string): TrialArm {
  return spread(fnv1a(subject, id)) < share * HASHES ? "candidate" : "incumbent";
}
