// Proves what the operator reads: where everything is, and never the key.
import { describe, expect, it } from "vitest";
import { bannerOf } from "../../../local/launch/banner.ts";

describe("bannerOf", () => {
  it("tells endpoint, key, a request and the tour", () => {
    const banner = bannerOf({ port: 8787, model: "smollm2-135m-instruct", keyInFile: true });
    expect(banner).toContain("http://127.0.0.1:8787/v1 (model smollm2-135m-instruct)");
    expect(banner).toContain("SETBACK_ADMIN_KEY in .dev.vars");
    expect(banner).toContain(`Bearer $(sed -n 's/^SETBACK_ADMIN_KEY=//p' .dev.vars)`);
    expect(banner).toMatch(/tour {2}npm run tour\n/);
  });

  it("names another port for the tour, and a key that came with the environment", () => {
    const banner = bannerOf({ port: 9000, model: null, keyInFile: false });
    expect(banner).toContain("SETBACK_PORT=9000 npm run tour");
    expect(banner).toContain("Bearer $SETBACK_ADMIN_KEY");
  });
});
