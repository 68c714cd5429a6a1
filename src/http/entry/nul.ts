import type { FastifyRequest } from 'fastify';
import { invalidField } from '#api-conventions/invalid-field.js';
import { Problem } from '#kernel/problem.js';
import { record } from '#kernel/read.js';

/**
 * No text of Postgres holds NUL, so both engines refuse it at the edge: a path with NUL names nothing, and a query is invalid.
 * Bodies are checked when they are parsed; the HTTP parser refuses headers with NUL.
 * @throws Problem `route_not_found`, or `invalid_request` that names the parameter
 */
export function refuseNul({ params, query, raw }: FastifyRequest): void {
  // NUL can only stand in a URL with an escape.
  if (!raw.url?.includes('%00')) return;
  if (Object.values(record(params) ?? {}).some(hasNul)) throw new Problem('route_not_found');
  const found = Object.entries(record(query) ?? {}).find(([name, value]) => hasNul(name) || hasNul(value));
  if (found) throw nulIn(found[0]);
}

/** The refusal of a field that contains NUL. */
export const nulIn = (field: string): Problem =>
  invalidField(field.replaceAll('\0', '\ufffd').slice(0, 200), 'must not contain NUL', 'no debe contener NUL');

const hasNul = (value: unknown): boolean => (Array.isArray(value) ? value.some(hasNul) : typeof value === 'string' && value.includes('\0'));
