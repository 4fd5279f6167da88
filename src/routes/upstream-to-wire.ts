// An upstream as the wire shows it. Law: of its credentials only where they are.
import type { Upstream } from "../model/upstream.ts";
import { seconds } from "../wire/seconds.ts";
import type { UpstreamWire } from "../wire/upstream.ts";

export function upstreamToWire(upstream: Upstream): UpstreamWire {
  const { limits, credentials } = upstream;
  return {
    id: upstream.id,
    object: "upstream",
    project_id: upstream.projectId,
    purpose: upstream.purpose,
    name: upstream.name,
    url: upstream.url,
    models: { ...upstream.models },
    priority: upstream.priority,
    timeout_ms: limits.timeoutMilliseconds,
    attempt_timeout_ms: limits.attemptTimeoutMilliseconds,
    idle_timeout_ms: limits.idleMilliseconds,
    attempts: limits.attempts,
    has_key: credentials?.kind === "sealed",
    secret: credentials?.kind === "secret" ? credentials.name : null,
    created_at: seconds(upstream.createdAt),
  };
}
