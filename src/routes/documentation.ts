// GET /docs: the OpenAPI document as a page that needs no script, no network and no build. Law: escaped by hono/html, strict CSP.
import { Hono } from "hono";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { z } from "zod";
import type { AppEnvironment } from "../middleware/app-services.ts";

export const OPENAPI_INFO = {
  openapi: "3.1.0",
  info: {
    title: "Setback",
    version: "0.1.0",
    description: "A guardrail gateway that learns from its mistakes.",
  },
};

/** What the page reads of an OpenAPI document. */
const operationSchema = z.object({
  summary: z.string().optional(),
  description: z.string().optional(),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() })).optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })).optional(),
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).optional() }).optional(),
});

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
h2 { font-size: 1rem; margin: 0 0 .25rem; }
h2 b { display: inline-block; min-width: 4.5em; text-transform: uppercase; }
code, pre, h2 { font-family: ui-monospace, monospace; }
pre { background: var(--soft); padding: .75rem; overflow: auto; font-size: .8rem; }
table { border-collapse: collapse; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
`;

function operation(method: string, path: string, described: z.infer<typeof operationSchema>): Markup {
  const { summary, description, security, parameters, requestBody, responses } = described;
  const replies = Object.entries(responses ?? {});
  const errors = replies.filter(([status]) => Number(status) >= 400);
  const successes = replies.filter(([status]) => Number(status) < 400);
  return html`<section>
    <h2><b>${method}</b> ${path}</h2>
    <p><strong>${summary}</strong>${security === undefined ? " · no key needed" : ""} ${description}</p>
    ${(parameters ?? []).map((each) => html`<code>${each.in}</code> <code>${each.name}</code>${each.required === true ? "" : " (optional)"} `)}
    ${
      requestBody === undefined
        ? ""
        : html`<details>
            <summary>Body</summary>
            <pre>${JSON.stringify(requestBody, null, 2)}</pre>
          </details>`
    }
    <p>Errors: ${errors.map(([status]) => html`<code>${status}</code> `)}</p>
    <table>
      ${successes.map(
        ([status, reply]) =>
          html`<tr>
            <td>${status}</td>
            <td>${reply.description}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function page(document: z.infer<typeof documentSchema>): Markup {
  const { title, description } = OPENAPI_INFO.info;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p>${description} For machines: <a href="/openapi.json">openapi.json</a>.</p>
        ${Object.entries(document.paths).flatMap(([path, methods]) =>
          Object.entries(methods).map(([method, described]) => operation(method, path, described)),
        )}
        <section>
          <h2>Schemas</h2>
          ${Object.entries(document.components?.schemas ?? {}).map(
            ([name, schema]) =>
              html`<details>
                <summary>${name}</summary>
                <pre>${JSON.stringify(schema, null, 2)}</pre>
              </details>`,
          )}
        </section>
      </body>
    </html>`;
}

export function documentation(openApiDocument: () => unknown): Hono<AppEnvironment> {
  const router = new Hono<AppEnvironment>();
  router.get("/", (context) => context.redirect("/docs", 302));
  router.get("/docs", async (context) => {
    context.header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    );
    context.header("x-content-type-options", "nosniff");
    return await context.html(page(documentSchema.parse(openApiDocument())));
  });
  return router;
}
