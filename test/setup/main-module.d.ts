// What `exports` of cloudflare:workers holds in tests: the Worker's own entry points.
import type * as mainModule from "../../src/index.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof mainModule;
    }
  }
}
