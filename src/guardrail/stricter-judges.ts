// Judges that a request adds. Law: those that the policy has stay as they are; who else is asked, and with whose key and at whose
// cost, is the policy's to say and no request's.
import { err, ok, type Result } from "../lib/result.ts";
import type { Judge } from "../policy/judge-policy.ts";
import type { PolicyFault } from "../policy/policy-faults.ts";

/** What a judge is asked by: a key is sent as one type of judge sends it, to a place that its keys make up. */
function asks({ type, upstream, model, ...judge }: Judge): string {
  return JSON.stringify([type, upstream, model, "format" in judge ? judge.format : null]);
}

function faultOf(judge: Judge, before: readonly Judge[]): { readonly key: string; readonly message: string } | null {
  // Whether one with other keys is stricter can't be told.
  if (before.some(({ id }) => id === judge.id)) {
    return { key: "id", message: "is a judge of the policy already, which a header can't change" };
  }
  // The deployed model answers this very request, so its key and its budget are those of the request.
  const isOfRequest = judge.upstream === null && judge.model === null;
  if (isOfRequest || before.some((known) => asks(known) === asks(judge))) return null;
  return {
    key: judge.upstream === null ? "model" : "upstream",
    message: "is asked by no such judge of the policy: a header can't choose who else is asked",
  };
}

export function moreJudges(before: readonly Judge[], asked: readonly Judge[]): Result<Judge[], readonly PolicyFault[]> {
  const known = new Set(before.map((judge) => JSON.stringify(judge)));
  const added = asked.filter((judge) => !known.has(JSON.stringify(judge)));
  const faults = asked.flatMap((judge, place): PolicyFault[] => {
    const fault = added.includes(judge) ? faultOf(judge, before) : null;
    return fault === null ? [] : [{ path: `[${place}].${fault.key}`, message: fault.message }];
  });
  return faults.length > 0 ? err(faults) : ok([...before, ...added]);
}
