// Who a request says is behind it: OpenAI's newer field before the one that it replaces.
import { describe, expect, it } from "vitest";
import { endUserIdOf, endUserOf } from "../../src/generation/end-user-of.ts";
import type { ChatRequest } from "../../src/wire/chat-completion.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Hi" }] };

describe("endUserIdOf", () => {
  it.each([
    [{}, null],
    [{ user: "u" }, "u"],
    [{ safety_identifier: "s", user: "u" }, "s"],
    [{ safety_identifier: "", user: "u" }, "u"],
    [{ safety_identifier: null, user: null }, null],
    [{ user: "" }, null],
  ])("of %j it is %j", (fields, id) => {
    expect(endUserIdOf({ ...request, ...fields })).toBe(id);
  });

  it("is kept by its HMAC alone", async () => {
    const asked: string[] = [];
    const endUserIds = {
      of: async (projectId: string, id: string) => {
        asked.push(`${projectId} ${id}`);
        return await Promise.resolve("v1.abc");
      },
    };
    expect(await endUserOf(endUserIds, "prj_1", { ...request, user: "jane" })).toBe("v1.abc");
    expect(await endUserOf(endUserIds, "prj_1", request)).toBeNull();
    expect(asked).toEqual(["prj_1 jane"]);
  });
});
