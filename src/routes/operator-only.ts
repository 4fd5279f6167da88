// What the operator's own key alone may do.
import type { Problem } from "../problem.ts";

export const operatorOnly: Problem = {
  status: 403,
  type: "permission_error",
  code: "operator_only",
  message: "Only the operator's own key (SETBACK_ADMIN_KEY) can do this.",
  param: null,
};
