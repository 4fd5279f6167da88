// A secret of each rule, for tests. Law: none is one; each is put together here, so that no scanner takes it for a leak.

/** Digits and letters in an order that repeats late; put together here so that no scanner takes this file for a leak. */
export function random(length: number, alphabet = "k7Qz2LmX9vBt4RwN8cYf3HsD6gJp5KuT"): string {
  return Array.from({ length }, (_, place) => alphabet[(place * 7 + (place >> 3)) % alphabet.length]).join("");
}
/** Empty; it keeps the prefixes of this file apart, so that no scanner of repositories takes them for leaks. */
export const PART = "";
export const upper = (length: number) => random(length, "Q7ZX2LMB4VRTNWCY3HSDG6JPKU5F").replace(/[0189]/g, "7");

export const SECRETS: Readonly<Record<string, string>> = {
  "aws-access-key": `AK${PART}IA${upper(16)}`,
  "github-token": `gh${PART}p_${random(36)}`,
  "gitlab-token": `gl${PART}pat-${random(20)}`,
  "slack-token": `xo${PART}xb-${random(12)}-${random(24)}`,
  "google-api-key": `AI${PART}za${random(35)}`,
  "stripe-key": `sk_${PART}live_${random(24)}`,
  "model-provider-key": `sk${PART}-ant-${random(40)}`,
  "registry-token": `np${PART}m_${random(36)}`,
  "cloud-token": `S${PART}G.${random(22)}.${random(43)}`,
  "private-key": `-----BEGIN RSA ${PART}PRIVATE KEY-----\n${random(64)}\n${random(64)}\n-----END RSA ${PART}PRIVATE KEY-----`,
  "json-web-token": `ey${PART}J${random(30)}.ey${PART}J${random(40)}.${random(43)}`,
  "url-credentials": `postgres://admin:${random(14)}@db.internal:5432/main`,
  "assigned-secret": `DB_PASSWORD="${random(14)}"`,
  "assigned-secret-zh": `数据库密码是 ${random(12)}`,
};
