// A D1 that is far away: every call is counted and takes its time, and nothing else changes.

type Asked = D1Database | D1DatabaseSession;

export class ObservedDatabase {
  readonly binding: D1Database;
  calls = 0;
  /** every query that was prepared, once */
  readonly queries = new Set<string>();
  delayMilliseconds = 0;
  /** while true, every call fails */
  down = false;
  readonly #inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

  constructor(binding: D1Database) {
    this.binding = this.#observe(binding);
  }

  #observe<Owner extends Asked>(owner: Owner): Owner {
    return new Proxy(owner, {
      get: (target, name): unknown => {
        if (name === "prepare") {
          return (query: string) => {
            this.queries.add(query);
            return this.#statement(target.prepare(query));
          };
        }
        if (name === "withSession" && "withSession" in target) {
          return (start: string) => this.#observe(target.withSession(start));
        }
        if (name === "batch") {
          return async (statements: D1PreparedStatement[]) => {
            await this.#travel();
            return await target.batch(statements.map((each) => this.#inner.get(each) ?? each));
          };
        }
        return boundMethod(target, name);
      },
    });
  }

  #statement(statement: D1PreparedStatement): D1PreparedStatement {
    const observed = new Proxy(statement, {
      get: (target, name): unknown => {
        if (name === "bind") return (...values: unknown[]) => this.#statement(target.bind(...values));
        const method = boundMethod(target, name);
        if (typeof method !== "function") return method;
        return async (...values: unknown[]): Promise<unknown> => {
          await this.#travel();
          return await Reflect.apply(method, target, values);
        };
      },
    });
    this.#inner.set(observed, statement);
    return observed;
  }

  async #travel(): Promise<void> {
    this.calls += 1;
    if (this.delayMilliseconds > 0) await scheduler.wait(this.delayMilliseconds);
    if (this.down) throw new Error("the database is down");
  }
}

function boundMethod(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}
