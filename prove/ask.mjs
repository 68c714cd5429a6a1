import http from 'node:http';

/**
 * @typedef {{ status: number, body: any, headers: import('node:http').IncomingHttpHeaders }} Answer
 */

/**
 * One HTTP request to loopback. `onStatus` hears the status as soon as the head of the answer is here: from that moment the
 * other side may believe it, also when the rest fails.
 * @returns {Promise<Answer>} rejects when the connection breaks
 */
export function ask({ port, method, path, body, headers = {}, agent, onStatus, timeoutMs = 15_000 }) {
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const typed = bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {};
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent, headers: { ...typed, ...headers } }, (answer) => {
      onStatus?.(answer.statusCode);
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: answer.statusCode, body: parsed(text), headers: answer.headers });
      });
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(bytes);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
