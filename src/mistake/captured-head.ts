// What every captured thing has, whatever its type: whoever needs no more than that need not tell the types apart.
import type { Captured, Kept } from "./mistake-store.ts";

export interface CapturedHead {
  readonly id: string;
  readonly projectId: string;
  readonly endUser: string | null;
  readonly createdAt: number;
}

export function capturedHead(captured: Captured): CapturedHead {
  if (captured.type === "attack") return captured.attack;
  const { id, projectId, createdAt, provenance } = captured.type === "mistake" ? captured.mistake : captured.kept;
  return { id, projectId, endUser: provenance.endUser, createdAt };
}

/** What was said, which may be an object of its own. */
export function capturedText(captured: Captured): Kept<unknown> {
  return captured.type === "attack" ? captured.messages : captured.exchange;
}
