// Capture: redacts, spills what is too large, and offers it to one sink after another until one accepts.
// Law: nothing unredacted reaches a sink; a sink that fails is logged, and the next one is asked.
import type { Clock } from "../lib/clock.ts";
import { within } from "../lib/deadline.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { MakeId } from "../lib/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { flaggedCategories } from "../guardrail/flagged-categories.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { AttackDraft, Capture, MistakeDraft } from "../mistake/capture.ts";
import type { CaptureSink } from "../mistake/capture-sink.ts";
import { mistakeKind } from "../mistake/mistake-kind.ts";
import type { Captured, Kept } from "../mistake/mistake-store.ts";
import { redactExchange } from "../mistake/redact-exchange.ts";
import { isTooLargeInline } from "../mistake/spill-limits.ts";

export interface CaptureDependencies {
  /** asked in this order */
  readonly sinks: readonly CaptureSink[];
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly sinkTimeoutMilliseconds: number;
}

/** A verdict can have a finding for every word of an answer; the first ones tell enough, and must fit a queue message. */
const MAX_STORED_FINDINGS = 25;

function bounded(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.map((verdict) => ({ ...verdict, findings: verdict.findings.slice(0, MAX_STORED_FINDINGS) }));
}

export class CaptureToSinks implements Capture {
  readonly #dependencies: CaptureDependencies;

  constructor(dependencies: CaptureDependencies) {
    this.#dependencies = dependencies;
  }

  async mistake(draft: MistakeDraft): Promise<string | null> {
    const { makeId, clock } = this.#dependencies;
    const id = makeId("mis");
    const { messages, answer, verdicts } = redactExchange(draft.messages, draft.answer, bounded(draft.verdicts));
    const categories = flaggedCategories(draft.verdicts);
    return await this.#accept(id, async () => ({
      type: "mistake",
      mistake: {
        id,
        projectId: draft.projectId,
        kind: mistakeKind(categories),
        source: draft.source,
        state: "captured",
        categories,
        verdicts,
        action: draft.action,
        provenance: draft.provenance,
        createdAt: clock(),
      },
      exchange: await this.#keep(`projects/${draft.projectId}/mistakes/${id}.json`, { messages, answer }),
    }));
  }

  async attack(draft: AttackDraft): Promise<string | null> {
    const { makeId, clock } = this.#dependencies;
    const id = makeId("atk");
    const { messages, verdicts } = redactExchange(draft.messages, { role: "assistant" }, bounded(draft.verdicts));
    return await this.#accept(id, async () => ({
      type: "attack",
      attack: {
        id,
        projectId: draft.projectId,
        categories: flaggedCategories(verdicts),
        verdicts,
        policyVersion: draft.policyVersion,
        keyId: draft.keyId,
        requestId: draft.requestId,
        createdAt: clock(),
      },
      messages: await this.#keep(`projects/${draft.projectId}/attacks/${id}.json`, messages),
    }));
  }

  async #accept(id: string, make: () => Promise<Captured>): Promise<string | null> {
    const { sinks, logger, sinkTimeoutMilliseconds } = this.#dependencies;
    let captured: Captured;
    try {
      captured = await within(sinkTimeoutMilliseconds, make());
    } catch (caught) {
      logger.error("capture_lost", { id, reason: errorMessage(caught) });
      return null;
    }
    for (const sink of sinks) {
      try {
        await within(sinkTimeoutMilliseconds, sink.accept(captured));
        return id;
      } catch (caught) {
        logger.error("capture_sink_failed", { id, sink: sink.name, reason: errorMessage(caught) });
      }
    }
    logger.error("capture_lost", { id, reason: "every sink refused" });
    return null;
  }

  async #keep<Value>(objectKey: string, value: Value): Promise<Kept<Value>> {
    if (!isTooLargeInline(value)) return { inline: value };
    await this.#dependencies.objects.put(objectKey, JSON.stringify(value), "application/json");
    return { objectKey };
  }
}
