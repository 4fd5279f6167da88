// Patterns of secrets: keys by their prefix, key blocks, tokens, and assignments. Law: data with a version; case matters here;
// every repetition is bounded or one class up to what ends it, so matching is linear.
// Formats as the vendors document them: AWS IAM unique identifiers, GitHub «Behind GitHub's new authentication token formats»,
// Slack token types, Google API keys, Stripe API keys, npm and PyPI token formats, RFC 7468 (PEM), RFC 7519 (JWT).

export const SECRETS_VERSION = "2026-11-23.4";

export interface SecretRule {
  readonly id: string;
  readonly message: string;
  /** what the secret begins with or stands near; one of these must be in the text */
  readonly signs: readonly string[];
  /** the group `secret` is the secret; without it the whole match is */
  readonly pattern: RegExp;
  /** what its vendor begins every such secret with, which gives nothing away; a finding begins behind it */
  readonly lead?: RegExp;
  /**
   * What else must hold: nothing for `fixed`; `key`: not the placeholder of a manual; `chosen` by a person: besides,
   * letters and digits, drawn by chance as far as one can tell
   */
  readonly shape: "fixed" | "key" | "chosen";
  /** what the vendor's own pages show for everyone to see */
  readonly specimen?: RegExp;
}

const NAMES =
  "passwords?|passwd|pwd|passphrase|secret|secret[_-]?key|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|client[_-]?secret|token|credentials?";

export const SECRET_RULES: readonly SecretRule[] = [
  {
    id: "aws-access-key",
    message: "The text has an AWS access key id.",
    signs: ["AKIA", "ASIA", "ABIA", "ACCA"],
    // A letter may stand right before a long fixed form: «idAKIA…» is a key too.
    pattern: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/g,
    lead: /^(?:AKIA|ASIA|ABIA|ACCA)/,
    shape: "key",
  },
  {
    id: "github-token",
    message: "The text has a GitHub token.",
    signs: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    pattern: /(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9_])/g,
    lead: /^(?:gh[pousr]_|github_pat_)/,
    shape: "key",
  },
  {
    id: "gitlab-token",
    message: "The text has a GitLab token.",
    signs: ["glpat-"],
    pattern: /glpat-[A-Za-z0-9_-]{20,64}(?![A-Za-z0-9_-])/g,
    lead: /^glpat-/,
    shape: "key",
  },
  {
    id: "slack-token",
    message: "The text has a Slack token.",
    signs: ["xox", "xapp-"],
    pattern: /(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,250}(?![A-Za-z0-9-])/g,
    lead: /^(?:xox[abeoprs]|xapp)-/,
    shape: "key",
  },
  {
    id: "google-api-key",
    message: "The text has a Google API key.",
    signs: ["AIza"],
    pattern: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
    lead: /^AIza/,
    shape: "key",
  },
  {
    id: "stripe-key",
    message: "The text has a live Stripe key.",
    signs: ["k_live_", "whsec_"],
    pattern: /(?:[sr]k_live_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9]{24,64})(?![A-Za-z0-9_])/g,
    lead: /^(?:[sr]k_live_|whsec_)/,
    shape: "key",
  },
  {
    id: "model-provider-key",
    message: "The text has a key of a model provider.",
    signs: ["sk-", "hf_", "gsk_"],
    pattern:
      /(?:(?<![A-Za-z0-9_-])sk-(?:ant-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,250}|hf_[A-Za-z0-9]{30,64}|gsk_[A-Za-z0-9]{40,64})(?![A-Za-z0-9_-])/g,
    lead: /^(?:sk-(?:ant-|proj-|svcacct-|or-v1-)?|hf_|gsk_)/,
    shape: "key",
  },
  {
    id: "registry-token",
    message: "The text has a token of a package registry.",
    signs: ["npm_", "pypi-AgE", "dckr_pat_"],
    pattern: /(?:npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,300}|dckr_pat_[A-Za-z0-9_-]{20,64})(?![A-Za-z0-9_-])/g,
    lead: /^(?:npm_|pypi-AgE|dckr_pat_)/,
    shape: "key",
  },
  {
    id: "cloud-token",
    message: "The text has a token of a cloud or mail provider.",
    signs: ["SG.", "dop_v1_", "shpat_", "dapi"],
    pattern:
      /(?:SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}|dop_v1_[a-f0-9]{64}|shpat_[a-fA-F0-9]{32}|dapi[a-f0-9]{32})(?![A-Za-z0-9_-])/g,
    lead: /^(?:SG\.|dop_v1_|shpat_|dapi)/,
    shape: "key",
  },
  {
    id: "private-key",
    message: "The text has a private key block.",
    signs: ["PRIVATE KEY"],
    // The whole block, or what there is of one that was cut off.
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,16} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^-]|-(?!-)){0,20000}-----END [A-Z0-9 ]{1,40}-----|(?:(?:\s|\\[nr]){0,4}[A-Za-z0-9+/=]{40,80}){1,400})/g,
    lead: /^-----BEGIN (?:[A-Z0-9]{1,16} ){0,2}PRIVATE KEY(?: BLOCK)?-----/,
    shape: "fixed",
  },
  {
    id: "json-web-token",
    message: "The text has a JSON Web Token.",
    signs: ["eyJ"],
    pattern:
      /(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{20,2000}(?![A-Za-z0-9_-])/g,
    lead: /^eyJ/,
    shape: "fixed",
    // The payload of jwt.io's specimen: {"sub":"1234567890…
    specimen: /\.eyJzdWIiOiIxMjM0NTY3ODkwI/,
  },
  {
    id: "url-credentials",
    message: "The text has an address with a password in it.",
    signs: ["://"],
    // The scheme is looked for behind what is rare.
    pattern:
      /:\/\/(?<=[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s:/@"'<>]{1,64}:(?<secret>[^\s:/@"'<>]{8,128})@[A-Za-z0-9.-]{1,253}/g,
    shape: "chosen",
  },
  {
    id: "assigned-secret",
    message: "The text assigns a password, key or token.",
    signs: ["ass", "ASS", "wd", "WD", "ecret", "ECRET", "oken", "OKEN", "key", "KEY", "Key", "redential"],
    pattern: new RegExp(
      `(?<![A-Za-z])(?:${NAMES})["'\`]{0,2}\\s{0,4}(?:=|:|:=|=>| is )\\s{0,4}["'\`]{0,2}(?<secret>[^\\s\\\\"'\`,;<>(){}\\[\\]]{8,200})`,
      "gi",
    ),
    shape: "chosen",
  },
  {
    id: "assigned-secret-zh",
    message: "The text states a password, key or token.",
    signs: ["密码", "口令", "密钥", "令牌"],
    pattern: /(?:密码|口令|密钥|令牌)(?:是|为|：|:|=)\s{0,4}["'“「]?(?<secret>[!-~]{8,200})/g,
    shape: "chosen",
  },
];

/**
 * The beginning of a value decides what it is, so that in a stream a long one is known for a secret while its first units
 * can still be held back (see guardrail.ts).
 */
export const DECIDING_UNITS = 48;

/** What manuals write where a key would stand; none of it comes about by chance. */
export const PLACEHOLDER_KEY =
  /example|placeholder|redacted|your[_-]|(?<![A-Za-z0-9])your|x{4}|\*{3}|\.{3}|[<>]|([A-Za-z0-9])\1{7}/i;

/** What people write where a password would stand. */
export const PLACEHOLDER_VALUE =
  /sample|change[_-]?me|dummy|^my|my[_-]|test|demo|secret|passw|passphrase|token|api[_-]?key|insert|enter|replace|hunter2|abc123|qwerty|12345|abcdef|0{6}|process\.env|meta\.env|environ|getenv|os\.|config|insecure|null|undefined|none|true|false|required|\$\{|\{\{|%[sd(]|^\[|example|placeholder|redacted|your|x{4}|\*{3}|\.{3}/i;
