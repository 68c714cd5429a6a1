import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import type { Engine } from '#store/temporary-database.fixture.js';
import { World } from '../world.js';
import { ask, type GraphTarget } from './target.js';

const APP_SECRET = 'app-secret-0123456789abcdef';
/** The number of the simulator's 360dialog. */
const NUMBER = '300000000000001';
/** How often what is due is done: the clock stands between two lines of a test, and the clients do not wait for it. */
const LOOK_MS = 20;

/** The gateway in Meta's shape, before the simulator as its 360dialog. It begins anew with a database of its own; its ids follow from no seed. */
export async function gatewayTarget(engine: Engine): Promise<GraphTarget> {
  const open = () => World.open({ engine, env: { GRAPH_API: 'true', EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
  let world = await open();
  let done = Promise.resolve();
  const settle = () => {
    const one = world;
    done = done.then(async () => {
      await one.settle();
      await one.app.get(DeliveriesService).flush();
    });
    return done;
  };
  let looks: NodeJS.Timeout | null = null;
  const begin = () => {
    looks = setInterval(() => void settle(), LOOK_MS);
  };
  const end = async () => {
    if (looks) clearInterval(looks);
    await done;
    await world.close();
  };
  begin();
  return {
    name: `gateway on ${engine}`,
    get baseUrl() {
      return `${world.url}/graph`;
    },
    token: World.KEY,
    phoneNumberId: NUMBER,
    appSecret: APP_SECRET,
    people: (method, path, body) => ask(`${world.simulatorUrl.replace('/360dialog', '/api')}${path}`, method, body),
    subscribe: async (url, verifyToken, fields) => {
      const subscription = { url, format: 'meta', verify_token: verifyToken, fields, secret: APP_SECRET };
      const { status, body } = await world.post('/api/subscriptions', subscription);
      if (status !== 201) throw new Error(`the subscription: ${status} ${JSON.stringify(body)}`);
    },
    reset: async () => {
      await end();
      world = await open();
      await world.greet();
      begin();
    },
    pass: async (seconds) => {
      await done;
      await world.pass(seconds);
      await settle();
    },
    close: end,
  };
}
