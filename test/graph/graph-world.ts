import { type Body, type Reply, World, type WorldOptions } from '../world.js';

/** The number of the gateway in tests. */
export const NUMBER = '300000000000001';
export const [ANA, HUGO] = ['5215512340001', '5215512340008'];

/** A world whose gateway serves the Graph API. */
export const openGraph = ({ env = {}, ...options }: WorldOptions = {}): Promise<World> =>
  World.open({ ...options, env: { GRAPH_API: 'true', ...env } });

type Headers = Parameters<World['get']>[1];

/** A request for calls of the number. */
export const act = (world: World, body: unknown, headers?: Headers): Promise<Reply> =>
  world.post(`/graph/v23.0/${NUMBER}/calls`, body, headers);

/** How often the business has called a user, by name, as 360dialog and Meta see it. */
export const dialsTo = (world: World, name: string): number =>
  world.simulator.context.journal.all().filter(({ what }) => what === `the business calls ${name}`).length;

/** Which members of the error of a body lack their type; empty for one that every client can read. */
export function faultsOfError(body: Body): string[] {
  const { error = {} } = body ?? {};
  const is: Record<string, boolean> = {
    message: typeof error.message === 'string' && error.message !== '',
    type: error.type === 'OAuthException',
    code: Number.isInteger(error.code),
    'error_data.messaging_product': error.error_data?.messaging_product === 'whatsapp',
    'error_data.details': typeof error.error_data?.details === 'string' && error.error_data.details !== '',
    error_user_title: typeof error.error_user_title === 'string' && error.error_user_title !== '',
    error_user_msg: typeof error.error_user_msg === 'string' && error.error_user_msg !== '',
    is_transient: typeof error.is_transient === 'boolean',
    fbtrace_id: typeof error.fbtrace_id === 'string' && error.fbtrace_id !== '',
    gateway_code: /^[a-z0-9_]+$/.test(error.gateway_code),
  };
  return Object.entries(is).flatMap(([name, good]) => (good ? [] : [name]));
}
