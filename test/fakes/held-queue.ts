// A queue beneath the real adapters that holds its messages until a test drains it. Law: messages are JSON, and above
// 128 KB refused, as Cloudflare Queues do (developers.cloudflare.com/queues/platform/limits).

const MAX_MESSAGE_BYTES = 128_000;
const METRICS = { backlogCount: 0, backlogBytes: 0 };

export class HeldQueue implements Queue {
  #held: unknown[] = [];
  /** while true, every send is refused */
  refuses = false;

  async metrics(): Promise<QueueMetrics> {
    return await Promise.resolve(METRICS);
  }

  async send(message: unknown): Promise<QueueSendResponse> {
    await Promise.resolve();
    if (this.refuses) throw new Error("the queue refuses");
    const json = JSON.stringify(message);
    if (new TextEncoder().encode(json).byteLength > MAX_MESSAGE_BYTES) throw new Error("the message is too large");
    const body: unknown = JSON.parse(json);
    this.#held.push(body);
    return { metadata: { metrics: METRICS } };
  }

  async sendBatch(messages: Iterable<MessageSendRequest>): Promise<QueueSendBatchResponse> {
    for (const { body } of messages) await this.send(body);
    return { metadata: { metrics: METRICS } };
  }

  /** What was held, which is then forgotten. */
  take(): readonly unknown[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
