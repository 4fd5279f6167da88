// Addresses below which requests are sent. Law: http(s), and nothing in them that would be lost or shown: no credentials, no query.

/** Whether requests can be sent below this address just as it is written. */
export function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ["http:", "https:"].includes(protocol) && `${username}${password}${search}${hash}` === "";
}

/** Without a slash at its end. `http://host` alone means `http://host/v1`, as OpenAI's base URL does. */
export function baseUrl(text: string): string {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path === "" ? "/v1" : path}`;
}
