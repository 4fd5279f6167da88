// A request that can't be served, in the four keys of OpenAI's error object.
// Law: the message is written for the one who sent the request; causes stay in the server's log.

export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;

  constructor(status: number, message: string, code: string | null = null, param: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  toBody(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    const type = this.status >= 500 ? "server_error" : "invalid_request_error";
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }
}
