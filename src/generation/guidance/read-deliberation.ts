// Takes the guidance out of what the model wrote when it deliberated. Law: only what stands behind the label is guidance, one line of
// bounded length; the analysis goes nowhere. Linear in the text.
import type { DeliberationPrompt } from "./deliberation-prompts.ts";

const MOST_GUIDANCE_CHARACTERS = 1_000;
/** Models like to set labels bold, number them or write them as headings. */
const DECORATION = /^[\s*#>\-–_.\d]{0,20}/;
const COLON = /^[\s*_]{0,10}[:：][\s*_]{0,10}/;

/** What stands behind the label in a line that begins with it; null in any other line. */
function behindLabel(line: string, label: string): string | null {
  const bare = line.replace(DECORATION, "");
  if (bare.slice(0, label.length).toUpperCase() !== label) return null;
  const rest = bare.slice(label.length);
  return COLON.test(rest) ? rest.replace(COLON, "") : null;
}

/** The empty text where there is none. The last label counts: a model that thinks aloud may write it before. */
export function readDeliberation(text: string, { labels }: Pick<DeliberationPrompt, "labels">): string {
  const lines = text.split("\n");
  const place = lines.findLastIndex((line) => behindLabel(line, labels.guidance) !== null);
  if (place < 0) return "";
  const behind = lines.slice(place + 1);
  const end = behind.findIndex((line) => behindLabel(line, labels.analysis) !== null);
  const said = [behindLabel(lines[place] ?? "", labels.guidance) ?? "", ...(end < 0 ? behind : behind.slice(0, end))];
  return said.join(" ").replace(/\s+/g, " ").trim().slice(0, MOST_GUIDANCE_CHARACTERS).toWellFormed();
}
