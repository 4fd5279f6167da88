// What the operator reads once everything answers. Law: it says where the key lies and never the key.

export interface Banner {
  readonly port: number;
  /** null: the upstream's own default */
  readonly model: string | null;
  /** false: the key came with the environment */
  readonly keyInFile: boolean;
}

export function bannerOf({ port, model, keyInFile }: Banner): string {
  const key = keyInFile ? "$(sed -n 's/^SETBACK_ADMIN_KEY=//p' .dev.vars)" : "$SETBACK_ADMIN_KEY";
  const body = JSON.stringify({ model: model ?? "MODEL", messages: [{ role: "user", content: "Say hello." }] });
  const tour = port === 8787 ? "npm run tour" : `SETBACK_PORT=${port} npm run tour`;
  return [
    "",
    `Setback is ready: http://127.0.0.1:${port}/v1${model === null ? "" : ` (model ${model})`}`,
    `  key   SETBACK_ADMIN_KEY in ${keyInFile ? ".dev.vars" : "the environment"}`,
    `  try   curl http://127.0.0.1:${port}/v1/chat/completions -H "authorization: Bearer ${key}" -H "content-type: application/json" -d '${body}'`,
    `  tour  ${tour}`,
    "  stop  Ctrl-C",
    "",
  ].join("\n");
}
