// POST …/overrule, the use case: an exception for a while, its reach, and the over-refusal that it records.
// Law: a dry run changes nothing; the exception is made first, so that whatever fails after it can be reverted with it.
import type { AuditEntry } from "../../access/audit.ts";
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { ObjectStore } from "../../lib/object-store.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { DAY_SECONDS } from "../../lib/utc-day.ts";
import type { Found } from "../../mistake/flagged-exchange.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Mistake } from "../../mistake/mistake.ts";
import { isTooLargeInline } from "../../mistake/spill-limits.ts";
import type { Overrule, OverruleScope } from "../../policy/overrule.ts";
import type { OverruleStore } from "../../policy/overrule-store.ts";
import type { Policy } from "../../policy/policy.ts";
import { conflict, type Problem } from "../../problem.ts";
import { storeCaptured, type StoreCapturedDependencies } from "../store-captured.ts";
import { type Correction, isWithheld, overRefusal, withheldAnswer } from "./over-refusal.ts";
import { overruleAllowances } from "./overrule-allowances.ts";
import { type Reach, reachOf } from "./reach.ts";
import { withheldFindings } from "./withheld-findings.ts";

/** That hold at once in a project: every request of it looks through them. */
export const MOST_OVERRULES = 500;

export interface OverruleDependencies {
  readonly mistakes: Pick<MistakeStore, "list" | "listAttacks" | "review" | "markOverruled">;
  readonly overrules: Pick<OverruleStore, "insertOverrule" | "latestOf">;
  readonly storing: StoreCapturedDependencies;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export interface OverruleOrder {
  readonly projectId: string;
  /** who overrules */
  readonly keyId: string;
  readonly scope: OverruleScope;
  readonly keyIds: readonly string[] | null;
  readonly expiresInDays: number;
  readonly comment: string;
  readonly isDryRun: boolean;
  /** what the exchange's key goes by now, as it was written */
  readonly policy: Policy;
  /** of an attack: a person's, or the model's once the overrule allows it */
  readonly correct: (overrule: Overrule) => Promise<Correction>;
}

export interface Overruled {
  readonly overrule: Overrule;
  readonly reach: Reach;
  /** the over-refusal that was made now; null under a dry run, where nothing had been withheld, or where it was made before */
  readonly recorded: Mistake | null;
}

async function record({ storing, objects }: OverruleDependencies, { exchange, ...mistake }: Mistake): Promise<void> {
  const objectKey = `projects/${mistake.projectId}/mistakes/${mistake.id}.json`;
  const isLarge = isTooLargeInline(exchange, mistake);
  if (isLarge) await objects.put(objectKey, JSON.stringify(exchange), "application/json");
  const kept = isLarge ? { objectKey } : { inline: exchange };
  await storeCaptured(storing, [{ type: "mistake", mistake, exchange: kept }]);
}

async function settle(
  { mistakes, clock, makeId }: OverruleDependencies,
  { projectId, keyId, comment }: OverruleOrder,
  found: Found,
  overruleId: string,
): Promise<void> {
  if (found.kind === "attack") {
    await mistakes.markOverruled(projectId, found.attack.id, overruleId);
    return;
  }
  // One that a release holds stays as it is: a release never changes.
  const review = { id: makeId("rev"), projectId, mistakeId: found.mistake.id, decision: "dismiss" as const };
  await mistakes.review({ ...review, comment, keyId, createdAt: clock() });
}

function auditOf(order: OverruleOrder, { id, subjectId, scope }: Overrule, entry: string, now: number): AuditEntry {
  const { projectId, keyId } = order;
  const details = { overruled: subjectId, scope };
  return { id: entry, projectId, keyId, event: "overrule_created", subject: id, details, createdAt: now };
}

export async function overruleFlagged(
  dependencies: OverruleDependencies,
  found: Found,
  order: OverruleOrder,
): Promise<Result<Overruled, Problem>> {
  const { mistakes, overrules, clock, makeId } = dependencies;
  const { projectId, keyId, scope, comment, policy } = order;
  const { flagged } = found;
  if (found.kind === "mistake" && found.mistake.kind === "over_refusal") {
    return err(conflict("This mistake is an over-refusal itself: review it instead."));
  }
  const now = clock();
  const id = makeId("ovr");
  const expiresAt = Math.floor(now / 1000) + order.expiresInDays * DAY_SECONDS;
  const terms = { id, scope, keyIds: order.keyIds, expiresAt };
  const allowances = await overruleAllowances(flagged, withheldFindings(flagged, policy), terms);
  if (!allowances.ok) return allowances;
  const reach = await reachOf(mistakes, projectId, allowances.value, now);
  const earlier = await overrules.latestOf(projectId, flagged.id);
  const known = earlier?.mistakeId ?? null;
  const overrule: Overrule = {
    ...{ id, projectId, subjectId: flagged.id, scope, allowances: allowances.value, comment, keyId },
    // Dismissed by the earlier one, it was something else before that.
    subjectState: found.kind === "attack" ? null : (earlier?.subjectState ?? found.mistake.state),
    mistakeId: known ?? (isWithheld(flagged) ? makeId("mis") : null),
    ...{ createdAt: now, expiresAt: expiresAt * 1000, revertedAt: null, revertedBy: null },
  };
  if (order.isDryRun) return ok({ overrule: { ...overrule, mistakeId: known }, reach, recorded: null });
  const entry = auditOf(order, overrule, makeId("aud"), now);
  if ((await overrules.insertOverrule(overrule, MOST_OVERRULES, entry)) === "too_many") {
    return err(conflict(`${MOST_OVERRULES} overrules of the project hold already: revert some, or write a policy.`));
  }
  await settle(dependencies, order, found, id);
  if (overrule.mistakeId === null || known !== null) return ok({ overrule, reach, recorded: null });
  const correction =
    found.kind === "attack" ? await order.correct(overrule) : { text: withheldAnswer(flagged), model: "" };
  const identity = { id: overrule.mistakeId, projectId, createdAt: now };
  const recorded = overRefusal(found, policy, correction, identity);
  await record(dependencies, recorded);
  return ok({ overrule, reach, recorded });
}
