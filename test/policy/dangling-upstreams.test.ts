// Which judges name a server that is not there, or is there for something else.
import { expect, it } from "vitest";
import { danglingUpstreams } from "../../src/policy/dangling-upstreams.ts";

it("finds judges whose server the project does not have for guardrails", () => {
  const judges = [{ upstream: null }, { upstream: "guard" }, { upstream: "gone" }, { upstream: "chat" }];
  const upstreams = [
    { name: "guard", purpose: "guardrail" },
    { name: "chat", purpose: "chat" },
  ] as const;
  expect(danglingUpstreams({ judges, analysis: { upstream: "an-analyst" } }, upstreams)).toEqual([
    { path: "judges.2.upstream", name: "gone" },
    { path: "judges.3.upstream", name: "chat" },
    { path: "analysis.upstream", name: "an-analyst" },
  ]);
  expect(danglingUpstreams({ judges: [], analysis: { upstream: null } }, [])).toEqual([]);
});
