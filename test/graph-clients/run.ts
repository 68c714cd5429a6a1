import type { Body } from '../recipes/stage.js';
import { type GraphClientClass, isCannot } from './client.js';
import { Consumer, timeless } from './consumer.js';
import { kapso } from './kapso.js';
import type { Run } from './operations.js';
import type { GraphTarget } from './target.js';
import { whatsappApiJs } from './whatsapp-api-js.js';

export const CLIENTS: Readonly<Record<string, GraphClientClass>> = { kapso, 'whatsapp-api-js': whatsappApiJs };

const VERIFY_TOKEN = 'verify-token-0123456789';

/** A client at a target that has begun anew, with its webhooks subscribed. */
export async function openRun(target: GraphTarget, make: GraphClientClass, seed: string): Promise<Run> {
  // Another world may have another address.
  await target.reset(seed);
  const client = make(target, VERIFY_TOKEN, target.appSecret);
  const consumer = await Consumer.open(client, VERIFY_TOKEN);
  await target.subscribe(consumer.url, VERIFY_TOKEN, client.fields);
  return { target, client, consumer, another: (other) => make({ ...target, ...other }, VERIFY_TOKEN, target.appSecret) };
}

/** All operations of a run one after the other. @returns what was answered and what came, without times */
export async function traceOf(run: Run, operations: Readonly<Record<string, (run: Run) => Promise<Body>>>): Promise<Body> {
  const answers: Body[] = [];
  for (const [name, operation] of Object.entries(operations)) {
    const done = await operation(run).catch((error: unknown) => explained(run.target, name, error));
    answers.push([name, isCannot(done) ? done.cannot : done]);
  }
  return { answers: timeless(answers), webhooks: run.consumer.trace() };
}

/** What the simulator has noted lately says why a webhook did not come. */
async function explained(target: GraphTarget, operation: string, cause: unknown): Promise<never> {
  const { journal }: Body = await target.people('GET', '/state');
  const lines = journal.slice(-20).map(({ at, what, about }: Body) => `${at} ${what} (${about})`);
  throw new Error(`${operation}: ${String(cause)}\n${lines.join('\n')}`, { cause });
}
