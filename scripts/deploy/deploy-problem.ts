// Why a deployment stopped, in words that say what to do. Law: such a problem is printed without a stack, and wrangler's own words
// follow only where we know no better ones.

export class DeployProblem extends Error {
  override readonly name = "DeployProblem";
}

/** What wrangler or Cloudflare's API says when it fails, and what the operator does about it. The first match counts. */
const ADVICE: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /"loggedIn": ?false|necessary to set a CLOUDFLARE_API_TOKEN|not authenticated|not logged in|\[code: (?:10000|9106|9109)\]/i,
    "You are not logged in, or the token may not do this: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN to a token that may edit Workers Scripts, D1, R2, Queues and Workers AI.",
  ],
  [
    /enable R2 through the Cloudflare Dashboard|\[code: 10042\]/i,
    "R2 is not switched on in this account: open R2 in the Cloudflare dashboard once and accept its terms.",
  ],
  [
    /Queues are unavailable|\[code: 100129\]/i,
    "This account's plan has no queues: change to the Workers Paid plan in the Cloudflare dashboard.",
  ],
  [
    /maximum number of D1 databases|\[code: 7406\]/i,
    "This account has as many D1 databases as its plan allows: delete one, or change the plan.",
  ],
  [
    /register a workers\.dev subdomain|workers\.dev subdomain/i,
    "This account has no workers.dev subdomain yet: open Workers in the Cloudflare dashboard once, and it makes one.",
  ],
  [
    /fetch failed|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT/,
    "Cloudflare could not be reached: check this machine's network.",
  ],
];

const MOST_CHARACTERS = 2000;

/** `what` is what could not be done, as a sentence without its full stop. */
export function problemOf(what: string, output: string): DeployProblem {
  const advice = ADVICE.find(([said]) => said.test(output))?.[1];
  const words = output.trim().slice(-MOST_CHARACTERS);
  return new DeployProblem(`${what}. ${advice ?? `wrangler said:\n${words}`}`);
}
