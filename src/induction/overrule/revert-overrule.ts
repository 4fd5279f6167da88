// DELETE /v1/overrules/{id}, the use case. Law: one step takes back all that the overrule did, but for what a release holds;
// done twice it is done once.
import type { Clock } from "../../lib/clock.ts";
import type { MakeId } from "../../lib/ids.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Overrule } from "../../policy/overrule.ts";
import type { OverruleStore } from "../../policy/overrule-store.ts";

export interface RevertDependencies {
  readonly mistakes: Pick<MistakeStore, "review" | "reopen" | "markOverruled" | "unmarkOverruled">;
  readonly overrules: Pick<OverruleStore, "getOverrule" | "latestOf" | "revertOverrule">;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** The overrule as it stands then; null where there is none of this id. */
export async function revertOverrule(
  { mistakes, overrules, clock, makeId }: RevertDependencies,
  projectId: string,
  id: string,
  keyId: string,
): Promise<Overrule | null> {
  const found = await overrules.getOverrule(projectId, id);
  if (found === null) return null;
  const now = clock();
  const { subjectId, subjectState, mistakeId } = found;
  const isFirst = await overrules.revertOverrule(
    { projectId, id, keyId, at: now },
    {
      ...{ id: makeId("aud"), projectId, keyId, event: "overrule_reverted", subject: id },
      ...{ details: { overruled: subjectId }, createdAt: now },
    },
  );
  // Another overrule of the same exchange still says that it was withheld wrongly.
  const other = await overrules.latestOf(projectId, subjectId);
  if (isFirst && other === null) {
    if (subjectState === null) await mistakes.unmarkOverruled(projectId, subjectId, id);
    else await mistakes.reopen(projectId, subjectId, subjectState);
    const comment = `The overrule ${id} was reverted.`;
    const review = { id: makeId("rev"), projectId, decision: "dismiss" as const, comment, keyId, createdAt: now };
    if (mistakeId !== null) await mistakes.review({ ...review, mistakeId });
  } else if (isFirst && other !== null && subjectState === null) {
    await mistakes.markOverruled(projectId, subjectId, other.id);
  }
  return await overrules.getOverrule(projectId, id);
}
