// A D1 that can be full: then whatever would make it larger is refused in SQLite's words, and its size is told as it is. Law: reading
// and deleting go on, as on D1.

const WRITES = /^\s*(?:insert|update|replace)\b/i;

function boundMethod(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}

export class FullDatabase {
  readonly binding: D1Database;
  isFull = false;
  refusals = 0;
  readonly #limitBytes: number;
  readonly #inner = new WeakMap<D1PreparedStatement, { readonly real: D1PreparedStatement; readonly query: string }>();

  constructor(binding: D1Database, limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.binding = this.#wrapped(binding);
  }

  #wrapped<Owner extends D1Database | D1DatabaseSession>(owner: Owner): Owner {
    return new Proxy(owner, {
      get: (target, name): unknown => {
        if (name === "prepare") return (query: string) => this.#statement(target.prepare(query), query);
        if (name === "withSession" && "withSession" in target) {
          return (start: string) => this.#wrapped(target.withSession(start));
        }
        if (name === "batch") {
          return async (statements: D1PreparedStatement[]) => {
            for (const each of statements) this.#judge(this.#inner.get(each)?.query ?? "");
            return await target.batch(statements.map((each) => this.#inner.get(each)?.real ?? each));
          };
        }
        return boundMethod(target, name);
      },
    });
  }

  #statement(real: D1PreparedStatement, query: string): D1PreparedStatement {
    const wrapped = new Proxy(real, {
      get: (target, name): unknown => {
        if (name === "bind") return (...values: unknown[]) => this.#statement(target.bind(...values), query);
        const method = boundMethod(target, name);
        if (typeof method !== "function") return method;
        return async (...values: unknown[]): Promise<unknown> => {
          this.#judge(query);
          const answer: unknown = await Reflect.apply(method, target, values);
          return this.#sized(answer);
        };
      },
    });
    this.#inner.set(wrapped, { real, query });
    return wrapped;
  }

  #judge(query: string): void {
    if (!this.isFull || !WRITES.test(query)) return;
    this.refusals += 1;
    throw new Error("D1_ERROR: database or disk is full: SQLITE_FULL");
  }

  #sized(answer: unknown): unknown {
    if (!this.isFull || typeof answer !== "object" || answer === null || !("meta" in answer)) return answer;
    const { meta } = answer;
    return { ...answer, meta: { ...(typeof meta === "object" ? meta : null), size_after: this.#limitBytes } };
  }
}
