import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail as a mail server received it. */
export interface ReceivedMail {
  to: string[];
  from: string;
  /** Every byte of the message. */
  source: string;
  parsed: ParsedMail;
}

/** A real SMTP server that keeps what it gets. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** What it answers to a recipient instead of taking it. */
  refusal: { responseCode: number; message: string } | null = null;
  /** Called when a message has come whole, before it is acknowledged. */
  onMessage: () => Promise<void> | void = () => undefined;
  port = 0;
  #server: SMTPServer | null = null;

  async open(port = this.port): Promise<this> {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => (auth.password === 'right' ? done(null, { user: auth.username }) : done(new Error('no'))),
      onRcptTo: (_address, _session, done) => {
        if (this.refusal) done(Object.assign(new Error(this.refusal.message), { responseCode: this.refusal.responseCode }));
        else done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', async () => {
          const source = Buffer.concat(chunks);
          const { mailFrom, rcptTo } = session.envelope;
          const parsed = await simpleParser(source);
          const to = rcptTo.map(({ address }) => address);
          this.received.push({ to, from: mailFrom ? mailFrom.address : '', source: source.toString('latin1'), parsed });
          await this.onMessage();
          done();
        });
      },
    });
    this.#server.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      this.#server?.listen(port, '127.0.0.1', resolve);
    });
    this.port = (this.#server.server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Ends it; `open` begins it again on the same port. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** The links of a mail that lead to the gateway. */
export const linksIn = (text: string, kind: 'confirm' | 'unsubscribe'): string[] =>
  [...text.matchAll(new RegExp(`https?://\\S*?/api/report-links/${kind}/[\\w.-]+`, 'g'))].map(([url]) => url);
