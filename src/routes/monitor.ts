// /v1/monitor: switches a project to observe, and back: everything is checked and recorded, and nothing withheld. Law: the switch
// goes over every policy of the project; who threw it stands in the audit.
import { createRoute, z } from "@hono/zod-openapi";
import { monitorRequestSchema, monitorWireSchema } from "../wire/policy.ts";
import { bearer, createRouter, jsonBodyOf, jsonReply, keyReplies, problemReply } from "./documented.ts";
import { projectOf } from "./operator-only.ts";

const replies = { 400: problemReply, ...keyReplies, 404: problemReply };

const switchRoute = createRoute({
  method: "post",
  path: "/v1/monitor",
  summary: "Switches a project to monitor or back, everywhere within 30 s",
  security: bearer,
  request: { body: jsonBodyOf(monitorRequestSchema) },
  responses: { 200: jsonReply("How it stands now", monitorWireSchema), ...replies },
});

const getRoute = createRoute({
  method: "get",
  path: "/v1/monitor",
  summary: "Whether the project is switched to monitor",
  security: bearer,
  request: { query: z.object({ project_id: z.string().min(1).max(64).optional() }) },
  responses: { 200: jsonReply("How it stands", monitorWireSchema), ...replies },
});

export const monitor = createRouter()
  .openapi(switchRoute, async (context) => {
    const { services, key } = context.var;
    const { monitor: isOn, project_id: asked } = context.req.valid("json");
    const projectId = await projectOf(services, key, asked);
    await services.policies.switchMonitor(projectId, isOn, {
      id: services.makeId("aud"),
      projectId,
      keyId: key.id,
      event: "monitor_switched",
      subject: projectId,
      details: { monitor: isOn },
      createdAt: services.clock(),
    });
    services.policyDirectory.forget(projectId);
    return context.json({ object: "monitor" as const, project_id: projectId, monitor: isOn }, 200);
  })
  .openapi(getRoute, async (context) => {
    const { services, key } = context.var;
    const projectId = await projectOf(services, key, context.req.valid("query").project_id);
    const { monitor: isOn } = await services.policies.choicesOf(projectId);
    return context.json({ object: "monitor" as const, project_id: projectId, monitor: isOn }, 200);
  });
