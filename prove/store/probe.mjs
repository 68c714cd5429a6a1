// A thread that asks a gateway whether it lives, every few ms and whether the last one was answered or not: a process that stands
// still for a second then has many late answers, not one.
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const TIMEOUT_MS = 15_000;

/** @type {{ port: number, everyMs: number }} */
const { port, everyMs } = workerData;
const probes = [];
const timer = setInterval(probe, everyMs);

parentPort.once('message', () => {
  clearInterval(timer);
  void Promise.all(probes).then((took) => parentPort.postMessage(took));
});

/** Pushes the ms until the answer; a probe without a good answer takes for ever. */
function probe() {
  const began = performance.now();
  probes.push(
    new Promise((resolve) => {
      const request = http.get({ host: '127.0.0.1', port, path: '/health/live', agent: false, timeout: TIMEOUT_MS }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode === 200 ? performance.now() - began : Number.POSITIVE_INFINITY));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(Number.POSITIVE_INFINITY));
    }),
  );
}
