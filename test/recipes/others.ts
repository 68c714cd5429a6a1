import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';

const portOf = (server: Server | NetServer): number => (server.address() as AddressInfo).port;

export interface Posted {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A chat room's or a help desk's address: keeps what is posted there. */
export class Receiver {
  readonly posts: Posted[] = [];
  /** How many of the next posts are answered 500. */
  failures = 0;
  readonly #server = createHttpServer(async (request, response) => {
    this.posts.push({ headers: request.headers, body: Buffer.concat(await request.toArray()) });
    response.writeHead(this.failures-- > 0 ? 500 : 201, { Location: '/tickets/1' }).end();
  });

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A mail server that takes every mail, and keeps the talk that led to it (RFC 5321). */
export class MailServer {
  readonly commands: string[] = [];
  readonly mails: string[] = [];
  readonly #server = createServer((socket) => {
    let text = '';
    let inMail = false;
    socket.write('220 fake\r\n');
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        text += bytes;
        for (;;) {
          const end = text.indexOf(inMail ? '\r\n.\r\n' : '\r\n');
          if (end < 0) return;
          const part = text.slice(0, end);
          text = text.slice(end + (inMail ? 5 : 2));
          if (inMail) this.mails.push(part);
          else this.commands.push(part);
          socket.write(answerTo(inMail ? 'MAIL' : part));
          inMail = !inMail && part === 'DATA';
          if (part === 'QUIT') socket.end();
        }
      });
  });

  static async open(): Promise<MailServer> {
    const server = new MailServer();
    await once(server.#server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${portOf(this.#server)}`;
  }

  close(): void {
    this.#server.close();
  }
}

function answerTo(command: string): string {
  if (command === 'DATA') return '354 go on\r\n';
  if (command.startsWith('EHLO')) return '250-fake\r\n250 8BITMIME\r\n';
  return command === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
}
