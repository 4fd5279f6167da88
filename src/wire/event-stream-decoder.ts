// Server-sent events from bytes to the payloads of their `data:` lines (WHATWG HTML section 9.2.6). Law: linear in the bytes,
// bounded in what it holds, and never a throw; bytes that are no UTF-8 become U+FFFD, as the standard has it.
import { createParser } from "eventsource-parser";
import { parseJson } from "../lib/parse-json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { DONE } from "./server-sent-events.ts";

/** The longest event that we hold, in UTF-16 units: a whole answer of a long context fits many times. */
const MOST_EVENT_CHARACTERS = 8 * 1024 * 1024;

const BYTE_ORDER_MARK = "\u{feff}";

function isWhole(payload: string): boolean {
  return payload.trim() === DONE || parseJson(payload) !== undefined;
}

export class EventStreamDecoder {
  /** Left to itself workerd's takes a byte order mark off every piece, so that cuts would count. */
  readonly #text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  #isBegun = false;
  #payloads: string[] = [];
  #isTooLarge = false;
  readonly #parser;

  constructor(mostCharacters = MOST_EVENT_CHARACTERS) {
    this.#parser = createParser({
      onEvent: ({ data }) => {
        // «If the data buffer is an empty string», nothing is dispatched.
        if (data !== "") this.#payloads.push(data);
      },
      onError: ({ type }) => {
        this.#isTooLarge ||= type === "max-buffer-size-exceeded";
      },
      maxBufferSize: mostCharacters,
    });
  }

  /** The payloads that these bytes completed. After «event_too_large» nothing more is read. */
  push(bytes: Uint8Array): Result<readonly string[], "event_too_large"> {
    return this.#feed(this.#withoutMark(this.#text.decode(bytes, { stream: true })));
  }

  /**
   * What an unterminated last event says, if it is whole: `[DONE]`, or JSON that can be parsed. The standard discards all of
   * it; servers that leave out the last empty line are common, and half of an event is never JSON.
   */
  end(): readonly string[] {
    const last = this.#feed(`${this.#text.decode()}\n\n`);
    return last.ok ? last.value.filter(isWhole) : [];
  }

  /** «One leading U+FEFF byte order mark character must be ignored if any are present.» */
  #withoutMark(text: string): string {
    if (this.#isBegun || text === "") return text;
    this.#isBegun = true;
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  #feed(text: string): Result<readonly string[], "event_too_large"> {
    if (!this.#isTooLarge) this.#parser.feed(text);
    if (this.#isTooLarge) return err("event_too_large");
    const payloads = this.#payloads;
    this.#payloads = [];
    return ok(payloads);
  }
}
