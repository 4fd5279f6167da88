// An imagined Cloudflare account, asked in wrangler's command lines: records each, keeps what is made, fails where it is told to.
// Law: it speaks wrangler 4.156's words and exit codes where the deployment reads them.
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Ran, Wrangler } from "../../../scripts/deploy/wrangler.ts";

const accountSchema = z.object({ id: z.string(), name: z.string() });

export const stateSchema = z.object({
  /** null: nobody is logged in */
  accounts: z
    .array(accountSchema)
    .nullable()
    .default([{ id: "account-1", name: "Someone" }]),
  databases: z.array(z.string()).default(() => []),
  migrated: z.array(z.string()).default(() => []),
  buckets: z.array(z.string()).default(() => []),
  /** how many of them the API's first page holds */
  bucketsAPage: z.number().default(20),
  queues: z.array(z.string()).default(() => []),
  /** null: there is no Worker */
  secrets: z.record(z.string(), z.string()).nullable().default(null),
  deployments: z.number().default(0),
  calls: z.array(z.object({ asked: z.string(), input: z.string() })).default(() => []),
  /** a call that begins like this fails, before its work or after it */
  failures: z
    .array(z.object({ at: z.string(), words: z.string(), afterwards: z.boolean().default(false) }))
    .default(() => []),
});

export type State = z.infer<typeof stateSchema>;

class Refusal extends Error {}

export class FakeAccount {
  readonly state: State;

  constructor(state: z.input<typeof stateSchema> = {}) {
    this.state = stateSchema.parse(state);
  }

  readonly wrangler: Wrangler = async (args, { input = "", environment = {} } = {}) =>
    await Promise.resolve(this.ask(args, input, environment));

  ask(args: readonly string[], input: string, environment: NodeJS.ProcessEnv): Ran {
    const asked = args.join(" ");
    this.state.calls.push({ asked, input });
    const failure = this.state.failures.find(({ at }) => asked.startsWith(at));
    try {
      if (failure?.afterwards === false) throw new Refusal(failure.words);
      const stdout = this.#answer(args, input, environment);
      if (failure !== undefined) throw new Refusal(failure.words);
      return { code: 0, stdout, output: stdout };
    } catch (caught) {
      if (!(caught instanceof Refusal)) throw caught;
      const said = caught.message.startsWith("{") ? caught.message : `✘ [ERROR] ${caught.message}`;
      return { code: 1, stdout: "", output: said };
    }
  }

  #answer(args: readonly string[], input: string, environment: NodeJS.ProcessEnv): string {
    const { positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: false,
      options: { env: { type: "string" }, format: { type: "string" }, var: { type: "string", multiple: true } },
    });
    const { state } = this;
    const name = positionals.at(-1) ?? "";
    const command = positionals.slice(0, -1).join(" ");
    switch (command) {
      case "d1 create":
        return make(state.databases, name, "A database with that name already exists");
      case "r2 bucket create":
        return make(
          state.buckets,
          name,
          "The bucket you tried to create already exists, and you own it. [code: 10004]",
        );
      case "queues create":
        return make(state.queues, name, `Queue name '${name}' is already taken. [code: 11009]`);
      case "queues info":
        if (state.queues.includes(name)) return `Queue Name: ${name}`;
        throw new Refusal(`Queue "${name}" does not exist. To create it, run: wrangler queues create ${name}`);
      case "d1 migrations apply":
        if (!state.databases.includes(name)) throw new Refusal(`Couldn't find a D1 DB named '${name}'`);
        if (state.migrated.includes(name)) return "✅ No migrations to apply!";
        state.migrated.push(name);
        return "🌀 Executing on remote database";
      case "secret put":
        if (state.secrets === null) throw new Refusal("There is no Worker.");
        state.secrets[name] = input;
        return `✨ Success! Uploaded secret ${name}`;
      default:
        return this.#answerWithoutName(positionals.join(" "), environment);
    }
  }

  #answerWithoutName(command: string, environment: NodeJS.ProcessEnv): string {
    const { state } = this;
    switch (command) {
      case "whoami":
        if (state.accounts === null) throw new Refusal('{"loggedIn":false}');
        return JSON.stringify({ loggedIn: true, accounts: state.accounts });
      case "d1 list":
        return JSON.stringify(state.databases.map((name) => ({ uuid: `uuid-of-${name}`, name })));
      case "r2 bucket list": {
        const page = state.buckets.slice(0, state.bucketsAPage);
        return ["Listing buckets...", ...page.map((name) => `name:           ${name}\ncreation_date:  2026`)].join(
          "\n\n",
        );
      }
      case "secret list":
        if (state.secrets === null) throw new Refusal('Worker "setback" (env: production) not found.');
        return JSON.stringify(Object.keys(state.secrets).map((name) => ({ name, type: "secret_text" })));
      case "deploy": {
        state.secrets ??= {};
        state.deployments += 1;
        const targets = ["https://setback.someone.workers.dev", "schedule: * * * * *"];
        const lines = [{ type: "wrangler-session" }, { type: "deploy", version: 1, targets }];
        const file = environment["WRANGLER_OUTPUT_FILE_PATH"] ?? "";
        appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
        return "Uploaded setback";
      }
      default:
        throw new Refusal(`Unknown arguments: ${command}`);
    }
  }
}

function make(names: string[], name: string, taken: string): string {
  if (names.includes(name)) throw new Refusal(taken);
  names.push(name);
  return "made";
}
