import { Settings } from '#config/settings.js';
import { World } from '../../../test/world.js';
import { FakeTerminal } from './terminal.fixture.js';

/** Where nothing answers. */
export const NOWHERE = 'http://127.0.0.1:9';

/** A gateway that runs, with terminals beside it. */
export class BesideGateway {
  private constructor(readonly world: World) {}

  static async open(env: Record<string, string> = {}): Promise<BesideGateway> {
    const world = await World.open({ env });
    await world.greet();
    return new BesideGateway(world);
  }

  close(): Promise<void> {
    return this.world.close();
  }

  get settings(): Settings {
    return this.world.app.get<Settings>(Settings);
  }

  /** A terminal with the address and the key of the gateway, whose waiting is the passing of the world's time. */
  terminal(env: Record<string, string> = {}): FakeTerminal {
    return this.bareTerminal({ GATEWAY_URL: this.world.url, GATEWAY_API_KEY: this.settings.apiKey?.reveal(), ...env });
  }

  /** A terminal that knows nothing of the gateway. */
  bareTerminal(env: Record<string, string | undefined>): FakeTerminal {
    const { world, settings } = this;
    const terminal = new FakeTerminal({ D360_BASE_URL: settings.dialog360.baseUrl, ...env }, { pause: (ms) => world.pass(ms / 1_000) });
    terminal.clock = world.clock;
    return terminal;
  }

  /** The environment of the gateway itself, for a diagnosis without it. */
  get own(): Record<string, string> {
    return { D360_API_KEY: 'simulator-key', D360_WEBHOOK_TOKEN: 'world-webhook-token-0123456789', PUBLIC_URL: this.world.url };
  }
}
