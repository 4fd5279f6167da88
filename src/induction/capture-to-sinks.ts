// Capture: redacts, spills what is too large, and offers it to one sink after another until one accepts.
// Law: nothing unredacted reaches a sink; a sink that fails is logged, and the next one is asked.
import type { UsageMeter } from "../access/usage-meter.ts";
import type { Clock } from "../lib/clock.ts";
import { within } from "../lib/deadline.ts";
import { errorMessage } from "../lib/error-message.ts";
import type { MakeId } from "../lib/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { ObjectStore } from "../lib/object-store.ts";
import { flaggedCategories } from "../guardrail/flagged-categories.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { AttackDraft, Capture, ExchangeDraft, MistakeDraft } from "../mistake/capture.ts";
import type { CaptureSink } from "../mistake/capture-sink.ts";
import { capturedHead } from "../mistake/captured-head.ts";
import { mistakeKind } from "../mistake/mistake-kind.ts";
import type { Captured } from "../mistake/mistake-store.ts";
import type { Provenance } from "../mistake/mistake.ts";
import { redactExchange } from "../mistake/redact-exchange.ts";
import { soundName } from "../mistake/sound-name.ts";
import { isSpilling, spillCaptured, triedToSpill } from "./spill-captured.ts";

export interface CaptureDependencies {
  /** asked in this order */
  readonly sinks: readonly CaptureSink[];
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly sinkTimeoutMilliseconds: number;
  readonly meter: Pick<UsageMeter, "count">;
}

interface Owner {
  readonly projectId: string;
  readonly keyId: string | null;
}

/** A verdict can have a finding for every word of an answer; the first ones tell enough, and must fit a queue message. */
const MAX_STORED_FINDINGS = 25;

function bounded(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.map((verdict) => ({ ...verdict, findings: verdict.findings.slice(0, MAX_STORED_FINDINGS) }));
}

/** The upstream names its model and its completion; what it says is stored like any other text of a stranger. */
function soundProvenance(provenance: Provenance): Provenance {
  return { ...provenance, model: soundName(provenance.model), completionId: soundName(provenance.completionId) };
}

export class CaptureToSinks implements Capture {
  readonly #dependencies: CaptureDependencies;

  constructor(dependencies: CaptureDependencies) {
    this.#dependencies = dependencies;
  }

  async mistake(draft: MistakeDraft): Promise<string | null> {
    const { makeId, clock } = this.#dependencies;
    const { reported } = draft;
    const id = reported?.id ?? draft.id ?? makeId("mis");
    return await this.#accept(id, { projectId: draft.projectId, keyId: draft.provenance.keyId }, () => {
      const { verdicts, ...exchange } = redactExchange(draft.messages, draft.answer, bounded(draft.verdicts));
      // What the answer was flagged for: the input's flags are in the verdicts, but say nothing of the answer.
      const categories =
        reported?.categories ?? flaggedCategories(draft.verdicts.filter(({ side }) => side === "output"));
      const mistake = {
        id,
        projectId: draft.projectId,
        kind: reported?.kind ?? mistakeKind(categories),
        source: draft.source,
        state: "captured" as const,
        categories,
        verdicts,
        action: draft.action,
        releasedCharacters: draft.releasedCharacters,
        correction: reported?.correction ?? null,
        provenance: soundProvenance(draft.provenance),
        clusterId: null,
        quarantine: draft.quarantine ?? null,
        createdAt: reported?.createdAt ?? clock(),
      };
      return { type: "mistake", mistake, exchange: { inline: exchange } };
    });
  }

  async attack(draft: AttackDraft): Promise<string | null> {
    const { makeId, clock } = this.#dependencies;
    const id = makeId("atk");
    return await this.#accept(id, draft, () => {
      const redacted = redactExchange(draft.messages, { role: "assistant" }, bounded(draft.verdicts));
      const attack = {
        id,
        projectId: draft.projectId,
        categories: flaggedCategories(draft.verdicts),
        verdicts: redacted.verdicts,
        policyVersion: draft.policyVersion,
        keyId: draft.keyId,
        endUser: draft.endUser,
        requestId: draft.requestId,
        upstreamStarted: draft.upstreamStarted,
        action: draft.action,
        overruledBy: null,
        createdAt: clock(),
      };
      return { type: "attack", attack, messages: { inline: redacted.messages } };
    });
  }

  async exchange({ id: given, messages, answer, ...draft }: ExchangeDraft): Promise<string | null> {
    const { makeId, clock } = this.#dependencies;
    const id = given ?? makeId("exc");
    return await this.#accept(id, { projectId: draft.projectId, keyId: draft.provenance.keyId }, () => {
      const { verdicts, ...exchange } = redactExchange(messages, answer, bounded(draft.verdicts));
      const kept = { ...draft, id, verdicts, provenance: soundProvenance(draft.provenance), createdAt: clock() };
      return { type: "exchange", kept, exchange: { inline: exchange } };
    });
  }

  async #accept(id: string, owner: Owner, make: () => Captured): Promise<string | null> {
    const { sinks, logger, sinkTimeoutMilliseconds } = this.#dependencies;
    let captured: Captured;
    try {
      captured = await this.#spilled(make());
    } catch (caught) {
      return this.#lost(id, owner, errorMessage(caught));
    }
    for (const sink of sinks) {
      try {
        await within(sinkTimeoutMilliseconds, sink.accept(captured));
        return id;
      } catch (caught) {
        logger.error("capture_sink_failed", { id, sink: sink.name, reason: errorMessage(caught) });
      }
    }
    return this.#lost(id, owner, "every sink refused");
  }

  /** Nobody was told that it is kept, and it is not: counted, so that the operator is told. */
  #lost(id: string, { projectId, keyId }: Owner, reason: string): null {
    const { logger, meter } = this.#dependencies;
    logger.error("capture_lost", { id, reason });
    if (keyId !== null) meter.count({ projectId, keyId, outcome: "capture_lost" });
    return null;
  }

  /** While the object store refuses a large exchange, the sinks are asked whether they take it whole. */
  async #spilled(captured: Captured): Promise<Captured> {
    if (!isSpilling(captured)) return captured;
    const { objects, logger, sinkTimeoutMilliseconds } = this.#dependencies;
    try {
      return await within(sinkTimeoutMilliseconds, spillCaptured(objects, captured));
    } catch (caught) {
      logger.error("capture_spill_failed", { id: capturedHead(captured).id, reason: errorMessage(caught) });
      return triedToSpill(captured);
    }
  }
}
