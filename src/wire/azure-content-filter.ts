// Azure OpenAI's content filter results (learn.microsoft.com/azure/ai-services/openai/concepts/content-filter), the shape
// that clients of filtered deployments already read.
// Law: categories without a field of Azure's own stand under `custom_blocklists`, by their own id.

export interface FilteredCategory {
  readonly category: string;
  readonly filtered: boolean;
}

interface Severity {
  filtered: boolean;
  severity: "safe" | "high";
}

interface Detection {
  filtered: boolean;
  detected: boolean;
}

export interface ContentFilterResults {
  hate: Severity;
  self_harm: Severity;
  sexual: Severity;
  violence: Severity;
  jailbreak?: Detection;
  profanity?: Detection;
  custom_blocklists?: { filtered: boolean; details: { filtered: boolean; id: string }[] };
}

type SeverityField = "hate" | "self_harm" | "sexual" | "violence";

const SEVERITY_FIELDS: Readonly<Record<string, SeverityField>> = {
  S1: "violence",
  S3: "sexual",
  S4: "sexual",
  S9: "violence",
  S10: "hate",
  S11: "self_harm",
  S12: "sexual",
};

const DETECTION_FIELDS: Readonly<Record<string, "jailbreak" | "profanity">> = {
  prompt_attack: "jailbreak",
  offensive: "profanity",
};

export function contentFilterResults(categories: readonly FilteredCategory[]): ContentFilterResults {
  const safe = (): Severity => ({ filtered: false, severity: "safe" });
  const results: ContentFilterResults = { hate: safe(), self_harm: safe(), sexual: safe(), violence: safe() };
  for (const { category, filtered } of categories) {
    const severity = SEVERITY_FIELDS[category];
    const detection = DETECTION_FIELDS[category];
    if (severity !== undefined) {
      results[severity] = { filtered: filtered || results[severity].filtered, severity: "high" };
    } else if (detection !== undefined) {
      results[detection] = { filtered: filtered || (results[detection]?.filtered ?? false), detected: true };
    } else {
      results.custom_blocklists ??= { filtered: false, details: [] };
      results.custom_blocklists.filtered ||= filtered;
      results.custom_blocklists.details.push({ filtered, id: category });
    }
  }
  return results;
}
