// A body's text, if it is no longer than it may be. Law: what is beyond is neither read nor kept; the sender is told to stop.

/** null where there is more; bytes that are no UTF-8 become U+FFFD, as in `Response.text`. */
export async function boundedText({ body }: Pick<Response, "body">, mostBytes: number): Promise<string | null> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let [text, read] = ["", 0];
  const pieces: AsyncIterable<Uint8Array> = body;
  for await (const piece of pieces) {
    read += piece.byteLength;
    // Leaving the loop cancels the body.
    if (read > mostBytes) return null;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
