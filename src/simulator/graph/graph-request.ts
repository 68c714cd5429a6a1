import type { FastifyRequest } from 'fastify';
import { parseJson, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import type { Simulator } from '#simulator/simulator.js';
import type { SimulatedHost } from '#simulator/wire/entry-point.js';
import { objectRefusal, parameterRefusal, pathRefusal, tokenRefusal } from './refusals.js';

/** The two parts of a path of Graph: `/{node}/{edge}`, with or without a version before them. */
export interface GraphPath {
  node: string;
  /** Empty for the node itself. */
  edge: string;
}

const VERSION = /^v\d{1,3}\.\d$/;

/** @param path as it stands after the prefix of Graph. @throws SimulatedRefusal 2500 when it has more or fewer parts */
export function graphPath(path: string): GraphPath {
  const parts = path.split('/').filter((part) => part !== '');
  if (VERSION.test(parts[0] ?? '')) parts.shift();
  const [node, edge = '', ...more] = parts;
  if (node === undefined || more.length > 0) throw pathRefusal(`/${parts.join('/')}`);
  return { node, edge };
}

/** Meta's own host: a token instead of a key, the number in the path, JSON or a form as the body. */
export const graphHost = (simulator: Simulator): SimulatedHost => ({
  lineOf: (request) => lineOf(simulator, request, pathOf(request)),
  bodyOf: ({ headers, body }) => readBody(headers['content-type'], typeof body === 'string' ? body : ''),
  paramsOf: (request) => ({ ...pathOf(request) }),
});

/** The path of a request behind the prefix of Graph. */
export const pathOf = ({ params }: Pick<FastifyRequest, 'params'>): GraphPath => graphPath(String(record(params)?.['*'] ?? ''));

function lineOf(simulator: Simulator, { headers, query, method }: FastifyRequest, { node }: GraphPath): SimulatedLine {
  const token = tokenOf(headers.authorization, record(query)?.access_token);
  if (token === undefined) throw tokenRefusal(token);
  if (node === simulator.app.id && simulator.app.isToken(token)) return simulator;
  const line = simulator.lineOfKey(token);
  if (!line) throw tokenRefusal(token);
  // Whether an id exists is not shown to a token that does not reach it.
  if (node !== line.identity.phoneNumberId) throw objectRefusal(method, node);
  return line;
}

/** The header goes before the query. */
function tokenOf(authorization: string | undefined, inQuery: unknown): string | undefined {
  const [, token] = /^(?:Bearer|OAuth) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return token ?? (typeof inQuery === 'string' && inQuery !== '' ? inQuery : undefined);
}

/** In a form, objects and lists stand as JSON. No body is an empty object. */
function readBody(type = '', body: string): unknown {
  if (body === '') return {};
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return Object.fromEntries(
      Array.from(new URLSearchParams(body), ([name, value]) => [name, /^[[{]/.test(value) ? (parseJson(value) ?? value) : value]),
    );
  }
  const value = parseJson(body);
  if (value === undefined) throw parameterRefusal('The body is neither JSON nor a form');
  return value;
}
