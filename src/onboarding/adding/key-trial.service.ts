import { Injectable } from '@nestjs/common';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Dialog360Service } from '#dialog360/dialog360.service.js';
import { type Health, portfolioIn } from '#dialog360/number-reading.js';
import { Problem } from '#kernel/problem.js';
import type { Secret } from '#kernel/secret.js';

/** The number of a key, as 360dialog names it. */
export interface NamedByKey {
  phoneNumberId: string;
  wabaId: string | null;
  portfolioId: string | null;
}

/** Asks 360dialog of which number a key is, before anything else is sent with it. */
@Injectable()
export class KeyTrialService {
  constructor(private readonly dialog360: Dialog360Service) {}

  /**
   * @param work what else is to be read with the key, once its number is named
   * @throws Problem `number_key_rejected`, `upstream_unavailable` and other refusals of a moment
   */
  try<T>(apiKey: Secret, work: (named: NamedByKey, line: Dialog360Client) => Promise<T>): Promise<T> {
    return this.dialog360.trial(apiKey, async (line) => work(namedIn(await healthOf(line)), line));
  }
}

async function healthOf(line: Dialog360Client): Promise<Health> {
  try {
    return await line.readHealth();
  } catch (error) {
    throw error instanceof Problem ? asRefusalOfKey(error) : error;
  }
}

/** What 360dialog refuses by its own word is the key's; without a word of it, it could not be reached. */
function asRefusalOfKey(problem: Problem): Problem {
  const { code, upstream, params } = problem;
  if (code === 'upstream_circuit_open' || code === 'upstream_busy' || code === 'rate_limited') return problem;
  if (upstream === null || upstream.status >= 500)
    return new Problem('upstream_unavailable', { upstream, params: { message: params.message ?? code }, onReading: true });
  const words = [`HTTP ${upstream.status}`, upstream.message, upstream.details].filter(Boolean).join(', ');
  return new Problem('number_key_rejected', { upstream, params: { message: words }, errors: KEY_FAULT });
}

function namedIn(health: Health): NamedByKey {
  const { phoneNumberId, wabaId } = health;
  if (phoneNumberId === null || !/^\d{5,30}$/.test(phoneNumberId))
    throw new Problem('number_key_rejected', { params: { message: 'HTTP 200, no number' }, errors: KEY_FAULT });
  return { phoneNumberId, wabaId, portfolioId: portfolioIn(health) };
}

const KEY_FAULT = [
  {
    field: 'api_key',
    message: { en: 'must be the present key of a number at 360dialog', es: 'debe ser la clave vigente de un número en 360dialog' },
  },
];
