// Gives a request its own session of the database. Law: a caller sees its own writes — without a word from the primary, or from
// any replica that is as new as the bookmark of its last reply, sent back as `x-setback-bookmark`.
import { createMiddleware } from "hono/factory";
import { invalidRequest, ProblemError } from "../problem.ts";
import type { AppEnvironment } from "./app-services.ts";

const HEADER = "x-setback-bookmark";
/** A bookmark is opaque (developers.cloudflare.com/d1/worker-api/d1-database/#getbookmark); this is how they look. */
const BOOKMARK = /^(first-primary|first-unconstrained|[0-9a-f]{8}(-[0-9a-f]{1,64}){1,8})$/;

export const storeSession = createMiddleware<AppEnvironment>(async (context, next) => {
  const start = context.req.header(HEADER) ?? "first-primary";
  if (!BOOKMARK.test(start)) {
    throw new ProblemError(
      invalidRequest(
        `The header ${HEADER} must be one that a reply of this gateway had, or first-unconstrained.`,
        HEADER,
      ),
    );
  }
  const { services } = context.var;
  const { bookmark, ...stores } = services.openStores(start);
  const releaseRequests = { ...services.releaseRequests, releases: stores.releases };
  context.set("services", { ...services, ...stores, releaseRequests });
  await next();
  const reached = bookmark();
  if (reached !== null) context.header(HEADER, reached);
});
