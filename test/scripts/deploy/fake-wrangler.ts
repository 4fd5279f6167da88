// The imagined account as an executable: its state is the file FAKE_WRANGLER_STATE, its input standard input.
import { readFileSync, writeFileSync } from "node:fs";
import { FakeAccount, stateSchema } from "./fake-account.ts";

const file = process.env["FAKE_WRANGLER_STATE"] ?? "";
const account = new FakeAccount(stateSchema.parse(JSON.parse(readFileSync(file, "utf8"))));
const { code, stdout, output } = account.ask(process.argv.slice(2), readFileSync(0, "utf8"), process.env);
writeFileSync(file, JSON.stringify(account.state));
if (stdout === "") console.error(output);
else console.log(stdout);
process.exitCode = code ?? 1;
