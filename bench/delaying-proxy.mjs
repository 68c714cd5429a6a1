import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const EXECUTE = 'E'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);

/** Whether a message of a client of Postgres runs a statement. Beginnings and ends of transactions do not count. */
const isStatement = (message) =>
  message[0] === EXECUTE || (message[0] === QUERY && !/^(begin|commit|rollback)/.test(message.toString('latin1', 5, 20)));

/**
 * Stands between the gateway and Postgres, counts statements, and holds every answer back for a while, as a database at some
 * distance does.
 */
export class DelayingProxy {
  statements = 0;

  /**
   * @param {{ host: string, port: number, delayMs: number, onMessage?: (message: Buffer) => void }} options `delayMs` per round trip,
   *   0 for none; `onMessage` gets every message of the gateway with its type and length
   */
  constructor(options) {
    Object.assign(this, options);
    this.server = createServer((client) => this.#join(client));
  }

  async start() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.ownPort = this.server.address().port;
    return this;
  }

  stop() {
    this.server.close();
  }

  /** @param {string} url of the database behind the proxy @returns {string} the same through it */
  through(url) {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.ownPort);
    return through.href;
  }

  #join(client) {
    const server = connect({ host: this.host, port: this.port, noDelay: true });
    client.setNoDelay(true);
    const read = messageReader((message) => {
      if (isStatement(message)) this.statements += 1;
      this.onMessage?.(message);
    });
    client.on('data', (bytes) => {
      read(bytes);
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.delayMs === 0) client.write(bytes);
      else setTimeout(() => client.write(bytes), this.delayMs);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ]) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  }
}

/** Reads the messages of one client: a start-up message without a type, then type, length and content of each. */
function messageReader(onMessage) {
  let rest = Buffer.alloc(0);
  let typeBytes = 0;
  const next = () => {
    if (rest.length < typeBytes + 4) return null;
    const end = typeBytes + rest.readInt32BE(typeBytes);
    return rest.length < end ? null : rest.subarray(0, end);
  };
  return (bytes) => {
    rest = rest.length ? Buffer.concat([rest, bytes]) : bytes;
    for (let message = next(); message; message = next()) {
      if (typeBytes === 1) onMessage(message);
      typeBytes = 1;
      rest = rest.subarray(message.length);
    }
  };
}
