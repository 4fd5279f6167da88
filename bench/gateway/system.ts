// One of the things that are compared: where it listens, and the process whose use of the machine is counted.

export type SystemName = "direct" | "untouched" | "setback" | "portkey";

export interface System {
  readonly name: SystemName;
  readonly port: number;
  /** null: its use is not counted, as the mock model's, which shares this process */
  readonly pid: number | null;
  readonly headers: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The whole request, head and body, as it is sent to that system. */
export function requestText(system: System, body: string): string {
  const headers = Object.entries({
    host: `127.0.0.1:${system.port}`,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...system.headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /v1/chat/completions HTTP/1.1\r\n${headers.join("")}\r\n${body}`;
}
