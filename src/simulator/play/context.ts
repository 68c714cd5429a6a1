import type { Pages } from '#simulator/phone/pages.js';
import type { Phones } from '#simulator/phone/phones.js';
import type { SimulatedChange } from '#simulator/webhooks/change.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { Calls } from '#simulator/world/call.js';
import type { MovableClock } from '#simulator/world/clock.js';
import type { Ids } from '#simulator/world/ids.js';
import type { Journal } from '#simulator/world/journal.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import type { Users } from '#simulator/world/user.js';

/** What all parts of the simulator act upon. */
export interface SimulatorContext {
  clock: MovableClock;
  agenda: Agenda;
  ids: Ids;
  journal: Journal;
  number: SimulatedNumber;
  users: Users;
  calls: Calls;
  phones: Phones;
  pages: Pages;
  /** Hands a webhook to the post office. */
  send(change: SimulatedChange, user: string | null): void;
}
