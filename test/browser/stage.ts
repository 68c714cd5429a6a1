import type { Browser } from 'playwright-core';
import type { SimulatedCall } from '#simulator/world/call.js';
import type { Script } from '#simulator/world/script.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { type Body, World } from '../world.js';
import { launch, Operator } from './operator.js';
import { Person } from './person.js';

const CLOCK_MS = 5;
const LIMIT_MS = 15_000;
/** Acts at once, and stays in the call until told otherwise. */
const PROMPT: Partial<Script> = { permission_after_seconds: 0, call_after_seconds: 0, hang_up_after_seconds: null };

/** A gateway, a simulator and a browser in which time runs like any other, for all tests of a file: media takes real time. */
export class Stage {
  #leaving: { leave(): Promise<void> }[] = [];
  #people = 0;

  private constructor(
    readonly browser: Browser,
    readonly world: World,
    private readonly clock: NodeJS.Timeout,
  ) {}

  static async open(): Promise<Stage> {
    const prepare = ({ clock }: World) => {
      clock.time = Date.now();
    };
    const [browser, world] = await Promise.all([launch(), World.open({ realTime: true, prepare })]);
    const clock = setInterval(() => {
      world.clock.time = Date.now();
    }, CLOCK_MS);
    world.simulator.start();
    return new Stage(browser, world, clock);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.world.close();
    clearInterval(this.clock);
  }

  /** Everybody goes home, which ends their calls. */
  async clear(): Promise<void> {
    for (const one of this.#leaving.splice(0)) await one.leave();
    for (const call of this.world.simulator.context.calls.live()) this.world.simulator.callSimulation.hangUp(call);
    const live = async () => (await this.world.get('/api/calling/calls?limit=50')).body.data.filter(notOver);
    for (const { id } of await live()) await this.world.do('terminate', { call_id: id });
    await until('every call is over', async () => (await live()).length === 0);
  }

  /** An operator at the softphone, who leaves with the end of the test. */
  async operator(name: string, options = {}): Promise<Operator> {
    const operator = await Operator.sit(this.browser, this.world, name, options);
    this.#leaving.push(operator);
    return operator;
  }

  /** Somebody at the page of this user's phone. */
  async atPhone({ id }: SimulatedUser): Promise<Person> {
    const person = await Person.at(this.browser, this.world, id);
    this.#leaving.push(person);
    return person;
  }

  /** Somebody new, who may be asked to be called: has just written. */
  async newcomer(script: Partial<Script> = {}): Promise<SimulatedUser> {
    const user = this.#meet(script);
    this.world.simulator.messageSimulation.write(user, 'Hello');
    await until('the gateway has read the message', async () => {
      const { body } = await this.world.get(`/api/calling/permissions/${user.waId}`);
      return body.window.state === 'open';
    });
    return user;
  }

  /** Somebody new, who may be called. */
  friend(script: Partial<Script> = {}): SimulatedUser {
    const user = this.#meet(script);
    this.world.simulator.permissionSimulation.setSilently(user, 'permanent');
    return user;
  }

  callIn(user: SimulatedUser): SimulatedCall {
    return this.world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 45 });
  }

  /** The latest call with somebody, as the simulator has it. */
  callWith(user: SimulatedUser): SimulatedCall {
    const call = this.world.simulator.context.calls.all().findLast((one) => one.user === user);
    if (!call) throw new Error(`no call with ${user.name}`);
    return call;
  }

  #meet(script: Partial<Script>): SimulatedUser {
    this.#people += 1;
    const user = this.world.simulator.context.users.meet(`52155200${String(this.#people).padStart(5, '0')}`);
    if (!user) throw new Error('nobody has this number');
    user.person.name = `Person ${this.#people}`;
    Object.assign(user.script, PROMPT, script);
    return user;
  }

  /** The latest call with somebody, as the gateway tells it once it is over. */
  async ended({ waId }: SimulatedUser): Promise<Body> {
    return until('the call is over', async () => {
      const [call] = (await this.world.get(`/api/calling/calls?user=${waId}&limit=1`)).body.data;
      return call?.state === 'ended' && call;
    });
  }
}

const notOver = ({ state }: Body): boolean => state !== 'ended';

/** Looks until it holds. @returns what was seen */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
