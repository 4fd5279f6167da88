// A stream from its first event on. Law: what fails before it is a failure of the attempt, which another attempt may mend.
import { err, ok, type Result } from "../../lib/result.ts";
import type { ChatStream, StreamRead } from "../../model/chat-model.ts";
import { upstreamInvalid } from "../upstream/upstream-problem.ts";
import type { Failure } from "./attempts.ts";

export async function beginStream(stream: ChatStream): Promise<Result<ChatStream, Failure>> {
  let first: StreamRead | null = await stream.read();
  if (first.kind === "end") return err({ problem: upstreamInvalid("it had no events"), retry: null });
  if (first.kind === "failed") {
    const isInvalid = first.problem.code === "upstream_invalid_response";
    return err({ problem: first.problem, retry: isInvalid ? null : { after: null } });
  }
  return ok({
    read: async () => {
      const held = first;
      first = null;
      return held ?? (await stream.read());
    },
    cancel: async () => {
      first = null;
      await stream.cancel();
    },
  });
}
