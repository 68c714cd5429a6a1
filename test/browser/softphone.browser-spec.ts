import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operator } from './operator.js';
import { energyOf } from './sound.js';
import { Stage, until } from './stage.js';

/** As a mean square; the quieter of the two sounds is far above. */
const AUDIBLE = 1e-4;
/** On the softphone's meters, which end at −60 dB. */
const LOUD = 0.4;

describe('the softphone', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  afterEach(() => stage.clear());

  const report = (user: Parameters<Stage['callWith']>[0]) => stage.world.simulator.phones.report(stage.callWith(user));
  const announced = ({ page }: Operator) => page.locator('#announcer').textContent();
  const cardGone = ({ page }: Operator) => page.locator('#softphone [data-phase]').waitFor({ state: 'detached' });
  const meter = ({ page }: Operator, name: string) =>
    page.waitForFunction(([selector, loud]) => (document.querySelector<HTMLMeterElement>(selector)?.value ?? 0) > loud, [
      `#softphone meter[data-level=${name}]`,
      LOUD,
    ] as const);

  it('shows how loud both sides are, and sends keys', async () => {
    const user = stage.friend();
    const operator = await stage.operator('Ana');
    await operator.dial(`+${user.waId}`);
    await operator.until('in_progress');
    await Promise.all([meter(operator, 'you'), meter(operator, 'them')]);
    await operator.page.getByText('Keypad').click();
    for (const digit of ['5', '#']) await operator.press(`Send ${digit}`);
    await operator.page.getByText('Sent: 5#').waitFor();
    await until('the keys are heard', () => report(user).digits === '5#');
  });

  it('rings on every page with name, number and clock', async () => {
    const operator = await stage.operator('Ana');
    await operator.open('#/overview');
    const user = stage.friend();
    stage.callIn(user);
    await operator.until('incoming');
    const card = new RegExp(`Incoming call\\s+${user.name}\\s+\\+${user.waId}\\s+Answer within (1:00|0:5\\d)`);
    expect(await operator.cards()).toMatch(card);
    expect(await announced(operator)).toBe(`Incoming call from ${user.name}`);
  });

  it('connects the sound while it rings when the operator is ready, and sends none of it before the answer', async () => {
    const operator = await stage.operator('Ana');
    await operator.page.getByLabel(/I am ready/).check();
    const user = stage.friend();
    stage.callIn(user);
    await operator.page.getByText('The sound is ready.').waitFor();
    await until('the media is connected', () => report(user).connected);
    expect(report(user).packetsReceived).toBe(0);
    await operator.press('Answer');
    await operator.until('in_progress');
    await until('the operator is heard', () => report(user).speaking);
  });

  it('shows a second operator at once who has taken a call', async () => {
    const [ana, ben] = [await stage.operator('Ana'), await stage.operator('Ben')];
    stage.callIn(stage.friend());
    await Promise.all([ana.until('incoming'), ben.until('incoming')]);
    await Promise.all([ana.press('Answer'), ben.page.getByText('Ana takes this call.').first().waitFor()]);
    await Promise.all([ana.until('in_progress'), cardGone(ben)]);
    expect(await announced(ben)).toBe('Ana takes this call.');
  });

  it('lets one of two operators win who answer in the same moment', async () => {
    const both = [await stage.operator('Ana'), await stage.operator('Ben')];
    const user = stage.friend();
    stage.callIn(user);
    await Promise.all(both.map((operator) => operator.until('incoming')));
    await Promise.all(both.map((operator) => operator.press('Answer')));
    const winner = await Promise.race(both.map(async (operator) => operator.until('in_progress').then(() => operator)));
    const [loser] = both.filter((operator) => operator !== winner);
    if (loser) await cardGone(loser);
    expect(await winner.page.locator('#softphone [data-phase=in_progress]').count()).toBe(1);
    await until('the winner is heard', async () => (await energyOf(winner.page, 1_100)).sent > AUDIBLE && report(user).speaking);
  });

  it('says why a permission that was refused cannot be asked for again', async () => {
    const user = await stage.newcomer({ on_permission_request: 'refuse' });
    const operator = await stage.operator('Ana');
    await operator.dial(`+${user.waId}`);
    await operator.until('over');
    await operator.dial(`+${user.waId}`);
    const problem = operator.page.locator('main .problem');
    await problem.waitFor();
    expect(await problem.textContent()).toMatch(/was asked lately; WhatsApp allows one request a day/);
  });

  it('opens on the call of a link, and dials it', async () => {
    const user = stage.friend();
    const operator = await stage.operator('Ana');
    const call = (await stage.world.do('make-call', { to: user.waId })).body;
    expect(call.state).toBe('ready');
    await operator.page.goto(`${stage.world.url}/console${new URL(call.links.softphone).hash}`);
    await operator.press('Dial');
    await operator.until('in_progress');
    await until('sound arrives', async () => (await energyOf(operator.page, 500)).heard > AUDIBLE);
  });

  it('ends the call of a window that is closed', async () => {
    const user = stage.friend();
    const operator = await stage.operator('Ana');
    await operator.dial(`+${user.waId}`);
    await operator.until('in_progress');
    await operator.page.close();
    expect(await stage.ended(user)).toMatchObject({ outcome: 'answered' });
    expect(stage.callWith(user).endedBecause).toBe('the business hung up');
  });

  it('asks before a call is lost to a reload, ends it with the sound, and keeps a call that waits', async () => {
    const user = stage.friend();
    const operator = await stage.operator('Ana');
    const { page } = operator;
    let asked = '';
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.accept().catch(() => undefined);
    });
    await operator.dial(`+${user.waId}`);
    await operator.until('in_progress');
    await page.reload();
    expect(asked).toBe('beforeunload');
    expect(await stage.ended(user)).toMatchObject({ outcome: 'answered' });
    const patient = await stage.newcomer({ on_permission_request: 'ignore' });
    await operator.dial(`+${patient.waId}`);
    await operator.until('awaiting_permission');
    await page.reload();
    await operator.until('awaiting_permission');
    await operator.press('Cancel the call');
    await operator.until('over');
  });

  it('says how to allow the microphone, while the call still rings', async () => {
    const operator = await stage.operator('Ana', { permissions: [] });
    const user = stage.friend();
    stage.callIn(user);
    await operator.until('incoming');
    await operator.press('Answer');
    await operator.page.getByText('The browser does not let this page use the microphone.').waitFor();
    expect(stage.callWith(user)).toMatchObject({ state: 'ringing', preAccepted: null });
    await operator.press('Reject');
    await operator.until('over');
  });

  it('speaks Spanish', async () => {
    const operator = await stage.operator('Ana', { locale: 'es-MX' });
    const user = stage.friend();
    stage.callIn(user);
    await operator.until('incoming');
    expect(await operator.cards()).toMatch(/Llamada entrante\s+Person[\s\S]*Conteste en[\s\S]*Contestar\s+Rechazar/);
    expect(operator.faults).toEqual([]);
  });

  it('says why nothing is heard when the other side falls silent', async () => {
    const user = stage.friend();
    const operator = await stage.operator('Ana');
    await operator.dial(`+${user.waId}`);
    await operator.until('in_progress');
    await until('sound arrives', async () => (await energyOf(operator.page, 300)).heard > AUDIBLE);
    stage.world.simulator.phones.hangUpAll();
    await operator.page.getByText(/Nothing arrives from the other side|No sound either way/).waitFor();
  });
});
