import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';

const MOST_ADDRESSES = 8;
const HOST_PREFERENCE = 126;

/** A UDP port that is reserved for a media peer; packets that arrive meanwhile are dropped. */
export class ReservedPort {
  private constructor(
    private readonly socket: Socket,
    readonly port: number,
  ) {}

  /** @throws when the machine has no UDP port left */
  static async reserve(): Promise<ReservedPort> {
    const socket = await bound('udp6').catch(() => bound('udp4'));
    socket.unref();
    return new ReservedPort(socket, socket.address().port);
  }

  /** The values of `a=candidate:` lines: this port at every address that others may reach. @see RFC 8445, 5.1.1 and 5.1.2 */
  candidates(): string[] {
    return Object.values(networkInterfaces())
      .flatMap((addresses = []) => addresses)
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
      .slice(0, MOST_ADDRESSES)
      .map(({ address }, index) => {
        const priority = HOST_PREFERENCE * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
        return `${index + 1} 1 udp ${priority} ${address} ${this.port} typ host`;
      });
  }

  /** The port is free for the peer from now on. */
  release(): void {
    this.socket.close();
  }
}

async function bound(type: 'udp4' | 'udp6'): Promise<Socket> {
  const socket = createSocket(type);
  socket.bind(0);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}
