import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SimulatedUser } from '#simulator/world/user.js';
import { Stage, until } from './stage.js';

describe('people by name in the console', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  afterEach(() => stage.clear());

  /** A person with a name whose call was missed. */
  const missed = async (name: string): Promise<SimulatedUser> => {
    const user = stage.friend();
    user.person.name = name;
    const call = stage.callIn(user);
    await until('the call is known', async () => (await stage.world.get(`/api/calling/calls?user=${user.waId}`)).body.data.length > 0);
    stage.world.simulator.callSimulation.hangUp(call);
    expect(await stage.ended(user)).toMatchObject({ outcome: 'missed' });
    return user;
  };

  it('finds a past call by name with two clicks', async () => {
    await missed('Íñigo Pérez');
    const operator = await stage.operator('Ana');
    const { page } = operator;
    await page.locator('[data-page=calls]').click();
    await operator.settled();
    await page.getByLabel('Find a person').first().click();
    await page.keyboard.type('perez inig');
    const found = page.getByRole('list', { name: 'People found' }).getByRole('listitem');
    await until('the person is found', async () => (await found.allInnerTexts()).some((text) => text.includes('Íñigo Pérez')));
    expect(await found.count()).toBe(1);
    expect(await found.first().textContent()).toMatch(/Inbound.*Missed/s);
    // The first click was into the field.
    await found
      .first()
      .getByRole('link', { name: /Inbound/ })
      .click();
    await page.getByRole('heading', { name: 'Call with Íñigo Pérez' }).waitFor();
    expect(operator.faults).toEqual([]);
  });

  it('calls back a missed call with one click, before anything is typed', async () => {
    const user = await missed('Rosa Missed');
    const operator = await stage.operator('Ana');
    await operator.open('#/calls');
    const missedCalls = operator.page.getByRole('list', { name: 'Missed calls' });
    await missedCalls.getByRole('button', { name: 'Call back: Rosa Missed' }).click();
    await operator.until('in_progress');
    expect(await operator.cards()).toContain('Rosa Missed');
    await operator.press('Hang up');
    expect(await stage.ended(user)).toMatchObject({ direction: 'outbound', outcome: 'answered' });
    expect(operator.faults).toEqual([]);
  });

  it.each([
    ['en-GB', 'Nobody has this name or number.', 'Call: Tomás Teléfono'],
    ['es-MX', 'Nadie tiene este nombre o número.', 'Llamar: Tomás Teléfono'],
  ])('is at the softphone and the person page, in %s', async (locale, nobody, call) => {
    const user = await missed('Tomás Teléfono');
    const operator = await stage.operator('Ana', { locale });
    const { page } = operator;
    await page.locator('input[name=to]').fill('tomas');
    await page.locator('.found').getByRole('button', { name: call }).first().waitFor();
    await page.locator('.found button.link').first().click();
    expect(await page.locator('input[name=to]').inputValue()).toMatch(/^52155200/);
    await operator.open('#/people');
    await page.locator('main input[type=search]').fill('zzzz');
    await page.getByText(nobody).waitFor();
    await page.locator('main input[type=search]').fill(String(user.waId).slice(-6));
    await page.locator('.found').getByRole('link', { name: 'Tomás Teléfono' }).first().click();
    await page.getByRole('heading', { name: 'Tomás Teléfono' }).waitFor();
    expect(operator.faults).toEqual([]);
  });
});
