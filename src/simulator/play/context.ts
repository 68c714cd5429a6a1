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

/** The dependencies and the state that all parts of one number's simulation share. */
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
  /** Those of all numbers, the first one first. */
  all(): readonly SimulatorContext[];
  /** Reports the messaging limit of the portfolio to each number that shares it. */
  sendLimit(): void;
  /** Sends a webhook. @param user the handle by which faults may choose it; `null` when it concerns no user */
  send(change: SimulatedChange, user: string | null): void;
}
