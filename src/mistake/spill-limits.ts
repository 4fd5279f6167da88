// When an exchange is too large to travel in a queue message (128 KB) and goes to the object store instead.
// Law: sizes are UTF-8 bytes of the JSON that is sent, not characters.

export const MAX_INLINE_TEXT_BYTES = 32 * 1024;
export const MAX_INLINE_EXCHANGE_BYTES = 96 * 1024;
/** Below the queue's 128,000 with room for its own envelope. */
export const MAX_MESSAGE_BYTES = 120_000;

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** UTF-8 bytes of a string without encoding it; a lone surrogate counts as the U+FFFD that an encoder writes for it. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

function longestTextBytes(value: unknown): number {
  if (typeof value === "string") return value.length * 3 <= MAX_INLINE_TEXT_BYTES ? 0 : utf8Bytes(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((longest, item) => Math.max(longest, longestTextBytes(item)), 0);
}

/** `beside` is what travels in the same message: verdicts can name many places, each with an operator's own words. */
export function isTooLargeInline(value: unknown, beside: unknown = null): boolean {
  if (longestTextBytes(value) > MAX_INLINE_TEXT_BYTES) return true;
  const [text, around] = [JSON.stringify(value), JSON.stringify(beside)];
  // What can't be too large needs no counting: a UTF-16 unit is three bytes at most.
  if ((text.length + around.length) * 3 <= MAX_INLINE_EXCHANGE_BYTES) return false;
  const bytes = utf8Bytes(text);
  return bytes > MAX_INLINE_EXCHANGE_BYTES || bytes + utf8Bytes(around) > MAX_MESSAGE_BYTES;
}
