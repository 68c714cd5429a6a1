import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Below those that the system hands out by itself. */
const [FIRST, COUNT] = [18_000, 12_000];

const claimed = new Set();
process.on('exit', () => {
  for (const folder of claimed) rmdirSync(folder);
});

/**
 * A port of loopback that is this process's until it ends. Two proofs that run side by side must never be given the same one: the
 * load of the one would be promised by the gateway of the other, and be looked for in vain.
 * @returns {Promise<number>}
 */
export async function claimPort() {
  for (;;) {
    const port = FIRST + randomInt(COUNT);
    const folder = join(tmpdir(), `prove-port-${port}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    claimed.add(folder);
    if (await isFree(port)) return port;
  }
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
