// Everything that the gateway keeps anywhere, as text: every row of every table of D1, every object of R2 with its key.
import { env } from "cloudflare:workers";

export async function allRows(): Promise<ReadonlyMap<string, string>> {
  const { results } = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{
    name: string;
  }>();
  const tables = results.map(({ name }) => name).filter((name) => !/^(?:sqlite_|_cf_|d1_)/.test(name));
  const texts = new Map<string, string>();
  for (const table of tables) {
    const rows = await env.DB.prepare(`SELECT * FROM "${table}"`).all();
    texts.set(`table ${table}`, JSON.stringify(rows.results));
  }
  return texts;
}

export async function allObjects(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (let cursor: string | undefined; ;) {
    const page = await env.OBJECTS.list(cursor === undefined ? {} : { cursor });
    for (const { key } of page.objects) {
      texts.set(`object ${key}`, `${key}\n${(await (await env.OBJECTS.get(key))?.text()) ?? ""}`);
    }
    if (!page.truncated) return texts;
    cursor = page.cursor;
  }
}

/** The names of the sinks that hold any of these words. */
export function holding(sinks: ReadonlyMap<string, string>, words: readonly string[]): readonly string[] {
  return [...sinks].flatMap(([name, text]) =>
    words.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`),
  );
}
