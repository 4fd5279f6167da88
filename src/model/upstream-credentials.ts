// The credentials of upstreams: kept under a name or sealed, and read at the moment a model is made.
// Law: sealed for one upstream of one project; a credential that can't be read is a problem, never a request without it.
import { err, ok, type Result } from "../lib/result.ts";
import type { TextSeal } from "../lib/text-seal.ts";
import type { Problem } from "../problem.ts";
import { isUpstreamSecretName, type Upstream, type UpstreamCredentials, type UpstreamSecretName } from "./upstream.ts";

type Owner = Pick<Upstream, "projectId" | "id">;

const noEncryptionKey: Problem = {
  status: 400,
  type: "invalid_request_error",
  code: "encryption_key_missing",
  message:
    "An upstream's key is stored encrypted, and the secret SETBACK_ENCRYPTION_KEY is not set. Set it (24 random characters or more), or name a secret of the Worker instead.",
  param: "key",
};

/** What a client of the project gets; the operator finds the reason in the log. */
function unreadable(cause: string): Problem {
  return {
    status: 503,
    type: "upstream_error",
    code: "upstream_credentials_unreadable",
    message: "The gateway can't read its credentials for the model's server. The operator must set them again.",
    param: null,
    headers: { "x-should-retry": "false" },
    cause,
  };
}

/** The place in which a sealed credential opens. */
function placeOf({ projectId, id }: Owner): string {
  return JSON.stringify(["upstream", projectId, id]);
}

export class UpstreamCredentialBook {
  readonly #seal: TextSeal;
  readonly #secret: (name: UpstreamSecretName) => string | null;

  /** `secret` reads one of the Worker's secrets by its name. */
  constructor(seal: TextSeal, secret: (name: UpstreamSecretName) => string | null) {
    this.#seal = seal;
    this.#secret = secret;
  }

  async sealed(key: string, owner: Owner): Promise<Result<UpstreamCredentials, Problem>> {
    const text = await this.#seal.seal(key, placeOf(owner));
    return text === null ? err(noEncryptionKey) : ok({ kind: "sealed", text });
  }

  /** null where the upstream needs none. */
  async read({
    credentials,
    ...owner
  }: Owner & Pick<Upstream, "credentials">): Promise<Result<string | null, Problem>> {
    if (credentials === null) return ok(null);
    if (credentials.kind === "secret") {
      // Checked when it was stored, and again here: a row may be older than the rule.
      const value = isUpstreamSecretName(credentials.name) ? this.#secret(credentials.name) : null;
      return value === null ? err(unreadable(`the secret ${credentials.name} is not set`)) : ok(value);
    }
    const opened = await this.#seal.open(credentials.text, placeOf(owner));
    return opened === null ? err(unreadable("it does not open with SETBACK_ENCRYPTION_KEY")) : ok(opened);
  }
}
