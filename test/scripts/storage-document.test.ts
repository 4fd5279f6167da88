// docs/storage.md against the schema, the keys of objects and the queues. Law: what is stored is told there, and nothing else is.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..", "..");
const text = (file: string): string => readFileSync(join(root, file), "utf8");

/** The names in the first column of the table under a heading. */
function told(heading: string): readonly string[] {
  const section =
    text("docs/storage.md")
      .split(/^## /m)
      .find((each) => each.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
}

/** What a key begins with, up to where it names one thing: `projects/…/mistakes/`, `spool/`. */
function prefixOf(key: string): string {
  return key.replace(/\$\{[^}]*\}/g, "…").replace(/^(projects\/…\/[a-z-]+\/|[a-z-]+\/).*$/, "$1");
}

function sources(): readonly string[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith("/weights.ts"))
    .map((file) => text(join("src", file)));
}

it("names every table of the migrations, and none that is gone", () => {
  const statements = readdirSync(join(root, "migrations"))
    .filter((file) => file.endsWith(".sql"))
    .toSorted()
    .map((file) => text(join("migrations", file)))
    .join("\n");
  const tables = new Set([...statements.matchAll(/CREATE TABLE `(\w+)`/g)].map(([, name]) => name ?? ""));
  for (const [, gone] of statements.matchAll(/DROP TABLE `(\w+)`/g)) tables.delete(gone ?? "");
  // Drizzle rebuilds a table under another name, and then gives it back its own.
  const lasting = [...tables].filter((name) => !name.startsWith("__new_"));
  expect(told("Tables").toSorted()).toEqual(lasting.toSorted());
});

it("names the beginning of every object's key", () => {
  const keys = sources().flatMap((source) => [
    ...[...source.matchAll(/`(projects\/\$\{[^`]*)`/g)].map(([, key]) => key ?? ""),
    ...[...source.matchAll(/_(?:PREFIX|KEY) = "([a-z-]+\/[^"]*)"/g)].map(([, key]) => key ?? ""),
  ]);
  // What only asks whose a key is names no object.
  const prefixes = new Set(keys.filter((key) => !key.endsWith("{projectId}/")).map(prefixOf));
  expect([...new Set(told("Objects").map(prefixOf))].toSorted()).toEqual([...prefixes].toSorted());
});

it("names every queue", () => {
  const queues = new Set([...text("wrangler.toml").matchAll(/queue = "([a-z-]+)"/g)].map(([, name]) => name ?? ""));
  expect(told("Queue messages").toSorted()).toEqual([...queues].toSorted());
});
