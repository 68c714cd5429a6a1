import { randomBytes, randomUUID } from 'node:crypto';
import { rfc3339 } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { challengeEvent, faultOfAnswer } from '#outbound-http/challenge.js';
import type { UrlFault } from '#outbound-http/safe-url.js';
import { signatureHeaders } from '#outbound-http/signature.js';
import type { CourierTools } from './outcomes.service.js';

const CHALLENGE_BYTES = 32;

/** Where events are to go, and with what they will be signed there. */
export interface Endpoint {
  url: string;
  secrets: readonly string[];
  phoneNumberId: string | null;
}

/**
 * Lets a URL pass that events may go to: it leads outside, and, where `EVENTS_CHALLENGE` asks for it, whoever is behind it
 * wants them. The question is signed like every delivery; at a creation nobody can verify that yet, and need not: it tells
 * nothing, and its echo gives nothing away.
 * @throws Problem `invalid_request` or `endpoint_not_verified`, both name `url`
 */
export async function requireEndpoint({ post, clock, challenges }: CourierTools, { url, secrets, phoneNumberId }: Endpoint): Promise<void> {
  const fault = await post.faultOf(url);
  if (fault !== null) throw new Problem('invalid_request', { errors: aboutUrl(fault) });
  if (!challenges) return;
  const [id, challenge] = [`evt_verify_${randomUUID().replaceAll('-', '')}`, randomBytes(CHALLENGE_BYTES).toString('base64url')];
  const now = clock.now();
  const body = Buffer.from(JSON.stringify(challengeEvent(id, rfc3339(now), phoneNumberId, challenge)));
  const { attempt, text } = await post.ask(url, signatureHeaders(id, now, body, secrets), body);
  const refusal = faultOfAnswer(attempt, text, challenge);
  if (refusal !== null) throw new Problem('endpoint_not_verified', { errors: aboutUrl(refusal) });
}

const aboutUrl = (message: UrlFault) => [{ field: 'url', message }];
