import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import type { Engine } from '#store/temporary-database.fixture.js';
import { MetaConsumer } from './meta-consumer.js';
import { offer } from './sdp.js';
import { type Reply, World } from './world.js';

/** A gateway with the API in Meta's shape, programs that are written for Meta, and webhooks as Meta sends them. */
export class MetaWorld {
  static readonly OURS = '300000000000001';
  static readonly DISPLAY = '5215500000001';
  static readonly ANA = '5215512340001';
  static readonly HUGO = '5215512340008';
  readonly contacts = [{ profile: { name: 'Ana Ñandú 😀' }, wa_id: MetaWorld.ANA, country: 'MX' }];
  readonly #consumers: MetaConsumer[] = [];

  private constructor(readonly world: World) {}

  static async open(engine: Engine, env: Record<string, string> = {}): Promise<MetaWorld> {
    return new MetaWorld(await World.open({ engine, env: { GRAPH_API: 'true', EVENTS_ALLOW_PRIVATE_TARGETS: 'true', ...env } }));
  }

  async consumer(): Promise<MetaConsumer> {
    const made = await new MetaConsumer().open();
    this.#consumers.push(made);
    return made;
  }

  async close(): Promise<void> {
    for (const consumer of this.#consumers) consumer.close();
    await this.world.close();
  }

  subscribe({ url }: Pick<MetaConsumer, 'url'>, more: object = {}, headers?: Record<string, string>): Promise<Reply> {
    return this.world.post('/api/subscriptions', { url, format: 'meta', verify_token: MetaConsumer.TOKEN, ...more }, headers);
  }

  flush(): Promise<void> {
    return this.world.app.get(DeliveriesService).flush();
  }

  /** Lets time pass, and delivers what is due then. */
  async pass(seconds: number): Promise<void> {
    await this.world.pass(seconds);
    await this.world.settle();
    await this.flush();
  }

  /** Now, as Meta writes it. */
  at(later = 0): string {
    return String(Math.floor(this.world.clock.now() / 1_000) + later);
  }

  /** Delivers a webhook of one change. @param entry more members of `entry` */
  deliver(value: object, field = 'calls', entry: object = {}): Promise<number> {
    return this.world.deliver(this.envelope(value, field, entry));
  }

  envelope(value: object, field = 'calls', entry: object = {}) {
    const metadata = { display_phone_number: MetaWorld.DISPLAY, phone_number_id: MetaWorld.OURS };
    const changes = [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }];
    return { object: 'whatsapp_business_account', entry: [{ id: '200000000000001', ...entry, changes }] };
  }

  /** A call of Ana that rings. */
  ringing(id: string, more: object = {}) {
    return {
      ...{ id, from: MetaWorld.ANA, to: MetaWorld.DISPLAY, event: 'connect', direction: 'USER_INITIATED', timestamp: this.at() },
      ...{ session: { sdp_type: 'offer', sdp: offer().sdp } },
      ...more,
    };
  }

  status(id: string, recipient: string = MetaWorld.HUGO) {
    return { id, type: 'call', status: 'RINGING', timestamp: this.at(), recipient_id: recipient };
  }

  /** The events that the outbox keeps for subscriptions in Meta's format. */
  async metaEvents() {
    return (await this.world.events()).filter(({ type }) => type.startsWith('meta.'));
  }
}
