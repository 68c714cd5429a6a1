/** Any port of a host, such as `http://127.0.0.1:*`. */
const ANY_PORT = /^(https?:\/\/[^/:@*]+|https?:\/\/\[[0-9a-f:.]+\]):\*$/i;

/** Is this an origin, or any port of a host? */
export const isOriginPattern = (written: string): boolean =>
  ANY_PORT.test(written) || (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol));

/** The origins to which deliveries may go. */
export class Origins {
  readonly #origins = new Set<string>();
  /** Protocol and host of which any port may be used. */
  readonly #hosts = new Set<string>();

  /** @param written origins, and hosts with any port as `http://127.0.0.1:*`; others are left out */
  constructor(written: readonly string[]) {
    for (const one of written) {
      const [, host] = ANY_PORT.exec(one) ?? [];
      if (host !== undefined) this.#hosts.add(host.toLowerCase());
      else if (URL.canParse(one)) this.add(new URL(one));
    }
  }

  add({ origin }: URL): void {
    this.#origins.add(origin);
  }

  include({ origin, protocol, hostname }: URL): boolean {
    return this.#origins.has(origin) || this.#hosts.has(`${protocol}//${hostname}`);
  }
}
