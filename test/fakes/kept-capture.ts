// A capture that keeps every draft, and calls the first mistake `mis_1`.
import type { AttackDraft, Capture, ExchangeDraft, MistakeDraft } from "../../src/mistake/capture.ts";

export class KeptCapture implements Capture {
  readonly mistakes: MistakeDraft[] = [];
  readonly attacks: AttackDraft[] = [];
  readonly exchanges: ExchangeDraft[] = [];

  async mistake(draft: MistakeDraft): Promise<string> {
    return await Promise.resolve(`mis_${this.mistakes.push(draft)}`);
  }

  async attack(draft: AttackDraft): Promise<string> {
    return await Promise.resolve(`atk_${this.attacks.push(draft)}`);
  }

  async exchange(draft: ExchangeDraft): Promise<string> {
    return await Promise.resolve(`exc_${this.exchanges.push(draft)}`);
  }
}
