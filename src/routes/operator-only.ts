// What the operator's own key alone may do. Law: every other key stays in its own project.
import { ROOT_KEY } from "../access/key-ring.ts";
import type { Key } from "../access/key.ts";
import type { AppServices } from "../middleware/app-services.ts";
import { notFound, ProblemError } from "../problem.ts";

export function requireOperator({ id }: Key): void {
  if (id === ROOT_KEY.id) return;
  throw new ProblemError({
    status: 403,
    type: "permission_error",
    code: "operator_only",
    message: "Only the operator's own key (SETBACK_ADMIN_KEY) can do this.",
    param: null,
  });
}

/** The caller's own project, or with the operator's key any that exists. */
export async function projectOf(
  { keys }: Pick<AppServices, "keys">,
  caller: Key,
  asked: string | undefined,
): Promise<string> {
  if (asked === undefined || asked === caller.projectId) return caller.projectId;
  requireOperator(caller);
  if ((await keys.findProject(asked)) === null) throw new ProblemError(notFound("project", asked));
  return asked;
}
