// A chat as the model's own template writes it, and then as tokens.
// Law: nothing is added that the template does not add, and no message can write a control token: `<|im_end|>` in a message stays
// text, or whoever wrote it could end the turn and speak as the system.
import { RequestProblem } from "./request-problem.ts";
import type { ChatMessage } from "./text-model.ts";

export interface ChatTemplate {
  /** Throws where the template itself refuses the chat. */
  readonly render: (messages: readonly ChatMessage[]) => string;
  readonly tokenize: (text: string, specialTokens: boolean) => readonly number[];
}

export type ChatEncoder = (messages: readonly ChatMessage[]) => readonly number[];

/** A number between two code points of private use (Unicode, section 23.5): no template can mean that. */
const MARK = /\uE000(\d+)\uE001/;

export function createChatEncoder(template: ChatTemplate, controlTexts: Iterable<string>): ChatEncoder {
  const quotable = new RegExp(["\uE000", ...longestFirst(controlTexts)].map(literal).join("|"), "g");
  return (messages) => {
    const quoted: string[] = [];
    const marked = messages.map(({ role, content }) => ({
      role,
      content: content.replace(quotable, (text) => `\uE000${quoted.push(text) - 1}\uE001`),
    }));
    return render(template, marked)
      .split(MARK)
      .flatMap((part, index) => {
        if (index % 2 === 1) return template.tokenize(quoted[Number(part)] ?? "", false);
        return part === "" ? [] : template.tokenize(part, true);
      });
  };
}

function render(template: ChatTemplate, messages: readonly ChatMessage[]): string {
  try {
    return template.render(messages);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RequestProblem(
      400,
      `The model's chat template refuses this chat: ${reason}`,
      "invalid_value",
      "messages",
    );
  }
}

function longestFirst(texts: Iterable<string>): readonly string[] {
  return [...texts].filter((text) => text !== "").sort((left, right) => right.length - left.length);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
