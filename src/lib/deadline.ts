// A promise with a time limit. Law: the loser's rejection is always handled.

export class DeadlineExceeded extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
    this.name = "DeadlineExceeded";
  }
}

/** Rejects with DeadlineExceeded if `work` has not settled in time; `work` itself goes on. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    deadline.reject(new DeadlineExceeded(milliseconds));
  }, milliseconds);
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
