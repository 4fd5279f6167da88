// Proves that a deployment makes what is missing, keeps what is there, and is gone on with after a failure, on an imagined account.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deploy, type Deployment } from "../../../scripts/deploy/deploy.ts";
import { DeployProblem } from "../../../scripts/deploy/deploy-problem.ts";
import { readPlan } from "../../../scripts/deploy/plan.ts";
import { FakeAccount } from "./fake-account.ts";

const plan = await readPlan(join(import.meta.dirname, "../../../wrangler.toml"));
const QUEUES = plan.queues;
const DRAWN = "drawn-key-of-the-test-0123456789";
const DRAWN_NEXT = "another-key-of-the-test-0123456789";
const DRAWN_LAST = "the-last-key-of-the-test-0123456789";

type Options = Partial<Pick<Deployment, "environment" | "replacedSecrets" | "replaceWorker">>;

/** What was printed. */
async function run(account: FakeAccount, options: Options = {}): Promise<string> {
  const lines: string[] = [];
  const keys = [DRAWN, DRAWN_NEXT, DRAWN_LAST];
  await deploy({
    plan,
    wrangler: account.wrangler,
    environment: {},
    drawKey: () => keys.shift() ?? "",
    print: (line) => {
      lines.push(line);
    },
    replacedSecrets: [],
    replaceWorker: false,
    ...options,
  });
  return lines.join("\n");
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  const caught = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(caught).toBeInstanceOf(DeployProblem);
  return caught instanceof DeployProblem ? caught.message : "";
}

function madeBy(account: FakeAccount): readonly string[] {
  return account.state.calls.map(({ asked }) => asked).filter((asked) => /create|put/.test(asked));
}

describe("a first deployment", () => {
  it("makes everything of wrangler.toml, migrates, uploads, and shows the key that it drew", async () => {
    const account = new FakeAccount();
    const printed = await run(account);
    const state = account.state;
    expect(state).toMatchObject({ databases: ["setback"], migrated: ["setback"], buckets: ["setback-objects"] });
    expect(state.queues.toSorted()).toEqual(QUEUES.toSorted());
    expect(state.secrets).toEqual({
      SETBACK_ADMIN_KEY: DRAWN,
      SETBACK_ENCRYPTION_KEY: DRAWN_NEXT,
      SETBACK_SUBJECT_KEYS: DRAWN_LAST,
    });
    expect(printed).toContain(DRAWN);
    expect(printed).not.toContain(DRAWN_NEXT);
    expect(printed).not.toContain(DRAWN_LAST);
    expect(printed).toMatch(/database +setback +made/);
    expect(printed).toContain("https://setback.someone.workers.dev");
    expect(printed).not.toContain("schedule:");
  });

  it("does it in an order that works: queues and migrations before the Worker, secrets after it", async () => {
    const account = new FakeAccount();
    await run(account);
    const asked = account.state.calls.map((call) => call.asked.split(" --")[0]);
    const places = [
      "queues create setback-dead-letters",
      "d1 migrations apply setback",
      "deploy",
      "secret put SETBACK_ADMIN_KEY",
    ].map((each) => asked.indexOf(each));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  it("never has a secret on a command line", async () => {
    const account = new FakeAccount();
    await run(account, { environment: { SETBACK_UPSTREAM_KEY: "upstream-secret" } });
    const { calls, secrets } = account.state;
    expect(secrets?.["SETBACK_UPSTREAM_KEY"]).toBe("upstream-secret");
    expect(calls.filter(({ asked }) => asked.includes("upstream-secret") || asked.includes(DRAWN))).toEqual([]);
  });

  it("takes the operator's own key, and does not show it", async () => {
    const account = new FakeAccount();
    const own = "my-own-key-0123456789-abcdefgh";
    const printed = await run(account, { environment: { SETBACK_ADMIN_KEY: own } });
    expect(account.state.secrets).toMatchObject({ SETBACK_ADMIN_KEY: own });
    expect(printed).not.toContain(own);
  });

  it("sets the plain variables of the environment and keeps those of the dashboard", async () => {
    const account = new FakeAccount();
    const policy = '{"store": false}';
    await run(account, { environment: { SETBACK_UPSTREAM_URL: "https://models.test/v1", SETBACK_POLICY: policy } });
    const uploaded = account.state.calls.find(({ asked }) => asked.startsWith("deploy"))?.asked;
    expect(uploaded).toContain("--keep-vars");
    expect(uploaded).toContain("--var SETBACK_UPSTREAM_URL:https://models.test/v1");
    expect(uploaded).toContain(`--var SETBACK_POLICY:${policy}`);
  });
});

describe("a second deployment", () => {
  it("makes nothing, keeps the key, uploads", async () => {
    const account = new FakeAccount();
    await run(account);
    account.state.calls = [];
    const printed = await run(account);
    expect(madeBy(account)).toEqual([]);
    expect(account.state).toMatchObject({ deployments: 2, secrets: { SETBACK_ADMIN_KEY: DRAWN } });
    expect(printed).not.toContain(DRAWN);
    expect(printed).toMatch(/migrations +setback +up to date/);
    expect(printed).toMatch(/SETBACK_ADMIN_KEY +kept/);
  });

  it("keeps a secret even where the environment has another", async () => {
    const account = new FakeAccount();
    await run(account, { environment: { SETBACK_UPSTREAM_KEY: "first" } });
    await run(account, { environment: { SETBACK_UPSTREAM_KEY: "second" } });
    expect(account.state.secrets?.["SETBACK_UPSTREAM_KEY"]).toBe("first");
  });

  it("replaces the secret that was named, and no other", async () => {
    const account = new FakeAccount({
      databases: ["setback"],
      secrets: { SETBACK_ADMIN_KEY: "a", SETBACK_UPSTREAM_KEY: "b" },
    });
    const printed = await run(account, {
      replacedSecrets: ["SETBACK_ADMIN_KEY"],
      environment: { SETBACK_UPSTREAM_KEY: "c" },
    });
    expect(account.state.secrets).toMatchObject({ SETBACK_ADMIN_KEY: DRAWN, SETBACK_UPSTREAM_KEY: "b" });
    expect(printed).toContain(DRAWN);
  });

  it("draws no new key of end users in the place of one that signed", async () => {
    const account = new FakeAccount({ databases: ["setback"], secrets: { SETBACK_SUBJECT_KEYS: "old" } });
    const asked = run(account, { replacedSecrets: ["SETBACK_SUBJECT_KEYS"] });
    expect(await problemOf(asked)).toContain("SETBACK_SUBJECT_KEYS");
    expect(account.state.secrets).toMatchObject({ SETBACK_SUBJECT_KEYS: "old" });
  });

  it("leaves a setting alone that stands as a secret", async () => {
    const account = new FakeAccount({
      databases: ["setback"],
      secrets: { SETBACK_ADMIN_KEY: "a", SETBACK_POLICY: "{}" },
    });
    await run(account, { environment: { SETBACK_POLICY: '{"store": false}' } });
    expect(account.state.calls.filter(({ asked }) => asked.includes("--var"))).toEqual([]);
  });

  it("finds a bucket that the list's first page leaves out", async () => {
    const account = new FakeAccount({ buckets: ["another", "setback-objects"], bucketsAPage: 1 });
    expect(await run(account)).toMatch(/bucket +setback-objects +found/);
  });
});

describe("a deployment that breaks off", () => {
  it.each([
    ["queues create setback-analyses", "Queues are unavailable on the free plan. [code: 100129]", /Workers Paid plan/],
    [
      "r2 bucket create",
      "Please enable R2 through the Cloudflare Dashboard. [code: 10042]",
      /open R2 in the Cloudflare dashboard/,
    ],
    ["d1 create", "You have reached the maximum number of D1 databases for your account.", /as many D1 databases/],
    ["d1 migrations apply", 'near "SELEKT": syntax error', /migrations of setback could not be applied.*SELEKT/s],
    ["deploy", "You need to register a workers.dev subdomain before publishing", /no workers.dev subdomain yet/],
    ["secret put", "fetch failed", /could not be reached/],
  ])("at «%s» says what to do, and the next one goes on from there", async (at, words, said) => {
    const account = new FakeAccount({ failures: [{ at, words }] });
    expect(await problemOf(run(account))).toMatch(said);
    account.state.failures = [];
    const printed = await run(account);
    expect(account.state).toMatchObject({
      databases: ["setback"],
      buckets: ["setback-objects"],
      secrets: { SETBACK_ADMIN_KEY: DRAWN },
    });
    expect(account.state.queues.toSorted()).toEqual(QUEUES.toSorted());
    expect(printed).toContain(DRAWN);
  });

  it("after the upload, without a key, gets the key from the next one", async () => {
    const account = new FakeAccount({
      failures: [{ at: "deploy", words: "trigger failed", afterwards: true }],
    });
    expect(await problemOf(run(account))).toContain("trigger failed");
    account.state.failures = [];
    expect(await run(account)).toContain(DRAWN);
  });

  it("does not repeat a secret that wrangler repeats", async () => {
    const account = new FakeAccount({ failures: [{ at: "secret put", words: `bad value ${DRAWN}` }] });
    expect(await problemOf(run(account))).not.toContain(DRAWN);
  });
});

describe("before anything is made", () => {
  it.each<[string, ConstructorParameters<typeof FakeAccount>[0], Options, RegExp]>([
    ["nobody is logged in", { accounts: null }, {}, /npx wrangler login/],
    ["there is no account", { accounts: [] }, {}, /shows no account/],
    [
      "there are several accounts",
      {
        accounts: [
          { id: "1", name: "One" },
          { id: "2", name: "Two" },
        ],
      },
      {},
      /CLOUDFLARE_ACCOUNT_ID to one of them.\n {2}1 {2}One\n {2}2 {2}Two/,
    ],
    ["the account is another's", {}, { environment: { CLOUDFLARE_ACCOUNT_ID: "9" } }, /none of those/],
    [
      "a setting is wrong",
      {},
      { environment: { SETBACK_UPSTREAM_URL: "models.test" } },
      /SETBACK_UPSTREAM_URL is no http/,
    ],
    ["the operator's key is short", {}, { environment: { SETBACK_ADMIN_KEY: "short" } }, /too short/],
    ["a secret is unknown", {}, { replacedSecrets: ["SETBACK_ADMIN"] }, /no secret of Setback/],
    ["another Worker has our name", { secrets: {} }, {}, /seems to be another one/],
    [
      "the API is down",
      { failures: [{ at: "d1 list", words: "Internal error" }] },
      {},
      /wrangler said:\n.*Internal error/,
    ],
  ])("%s: a problem", async (_name, begin, options, said) => {
    const account = new FakeAccount(begin);
    expect(await problemOf(run(account, options))).toMatch(said);
    expect(madeBy(account)).toEqual([]);
    expect(account.state.deployments).toBe(0);
  });

  it("an account among several is chosen by its id", async () => {
    const account = new FakeAccount({
      accounts: [
        { id: "1", name: "One" },
        { id: "2", name: "Two" },
      ],
    });
    expect(await run(account, { environment: { CLOUDFLARE_ACCOUNT_ID: "2" } })).toMatch(/account +Two \(2\)/);
  });

  it("another Worker of our name is replaced when asked", async () => {
    const account = new FakeAccount({ secrets: {} });
    await run(account, { replaceWorker: true });
    expect(account.state.deployments).toBe(1);
  });
});
