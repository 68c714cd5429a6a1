import { connect, type Socket } from 'node:net';

/** What came back over one connection. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** Whether the other side has ended the connection. */
  ended: boolean;
}

export const portOf = (url: string): number => Number(new URL(url).port);

/** Sends bytes as they are, and resolves once the first answer is complete; `untilEnd` waits until the gateway has ended the connection. */
export function sendRaw(port: number, request: string | Buffer, { untilEnd = false } = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    const finish = (ended: boolean) => {
      socket.destroy();
      resolve(parse(text, ended));
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!untilEnd && isComplete(text)) finish(false);
    });
    socket.on('end', () => finish(true));
    socket.on('error', reject);
  });
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  return length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= end + 4 + Number(length);
}

function parse(text: string, ended: boolean): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n'), ended };
}
