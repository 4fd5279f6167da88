// Who stands behind a request, by what the client itself calls him. Law: the id goes on to the upstream untouched, and into
// nothing that we keep but its HMAC.
import type { EndUserIds } from "../access/end-user-ids.ts";
import type { ChatRequest } from "../wire/chat-completion.ts";

/** OpenAI's `safety_identifier`, else `user`, which it replaces (platform.openai.com/docs/api-reference/chat/create). */
export function endUserIdOf({ safety_identifier, user }: ChatRequest): string | null {
  return [safety_identifier, user].find((id) => typeof id === "string" && id !== "") ?? null;
}

export async function endUserOf(
  endUserIds: Pick<EndUserIds, "of">,
  projectId: string,
  request: ChatRequest,
): Promise<string | null> {
  const id = endUserIdOf(request);
  return id === null ? null : await endUserIds.of(projectId, id);
}
