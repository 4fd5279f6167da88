// Which account is deployed to. Law: it is one and known before anything is made; with several, the operator says which.
import { z } from "zod";
import { DeployProblem, problemOf } from "./deploy-problem.ts";
import { readJsonOutput } from "./json-output.ts";
import type { Wrangler } from "./wrangler.ts";

const whoamiSchema = z.looseObject({ accounts: z.array(z.looseObject({ id: z.string(), name: z.string() })) });

/** Its name and id, to show. `chosen` is the id that the environment or wrangler.toml names. */
export async function findAccount(wrangler: Wrangler, chosen: string | null): Promise<string> {
  const ran = await wrangler(["whoami", "--json"]);
  if (ran.code !== 0) throw problemOf("The account could not be found", ran.output);
  const { accounts } = readJsonOutput(whoamiSchema, ran, "whoami");
  const listed = accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  if (chosen !== null) {
    const account = accounts.find(({ id }) => id === chosen);
    // A token that may not list accounts shows none: then the id stands as it was given.
    if (account === undefined && accounts.length > 0) {
      throw new DeployProblem(`The account ${chosen} is none of those that this login may use:\n${listed}`);
    }
    return account === undefined ? chosen : `${account.name} (${account.id})`;
  }
  const [account, ...others] = accounts;
  if (account === undefined) {
    throw new DeployProblem(
      "This login shows no account: make one at Cloudflare, or set CLOUDFLARE_ACCOUNT_ID if the token may not list accounts.",
    );
  }
  if (others.length > 0) {
    throw new DeployProblem(`This login has several accounts: set CLOUDFLARE_ACCOUNT_ID to one of them.\n${listed}`);
  }
  return `${account.name} (${account.id})`;
}
