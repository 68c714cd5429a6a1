import http from 'node:http';

const CONNECTIONS = 32;

/**
 * Does `work` for 0 to `count`, so many at once, over connections kept alive.
 * @param {number} count @param {(i: number, agent: http.Agent) => Promise<void>} work
 */
export async function crowd(count, work, connections = CONNECTIONS) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const connection = async () => {
    while (next < count) {
      next += 1;
      await work(next - 1, agent);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
}
