import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Problem } from '#kernel/problem.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import type { NumbersService } from './numbers.service.js';
import { A, ADDED, ALL, B, C, startRegistry } from './registry.fixture.js';

describe.each(engines)('the registry of numbers asked by a principal on %s', (engine) => {
  let database: TemporaryStore;
  let numbers: NumbersService;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    ({ numbers } = await start());
    await numbers.add(A, { source: 'environment' });
  });
  afterEach(() => database.remove());

  const start = () => startRegistry(database, new StoppedClock());
  const problemOf = async (asked: Promise<unknown>) => {
    const problem = await asked.then(
      () => null,
      (error: unknown) => error,
    );
    if (!(problem instanceof Problem)) throw new Error('no problem');
    const { code, params, errors } = problem;
    return { code, params, errors };
  };

  it('needs no id where one number alone can be meant, and says which one it must be', async () => {
    expect((await numbers.require(ALL)).phoneNumberId).toBe(A);
    expect((await numbers.require(ALL, A)).phoneNumberId).toBe(A);
    expect(await problemOf(numbers.require(ALL, B))).toMatchObject({
      code: 'unknown_number',
      errors: [{ message: { en: `must be ${A}` } }],
    });
  });

  it('asks for an id where several can be meant, and lists none of them', async () => {
    await numbers.add(B, ADDED);
    const problem = await problemOf(numbers.require(ALL));
    expect(problem.code).toBe('number_required');
    expect(JSON.stringify(problem)).not.toMatch(/3000000/);
    expect((await numbers.require(ALL, B)).phoneNumberId).toBe(B);
    expect((await numbers.require({ numbers: [B] })).phoneNumberId).toBe(B);
  });

  it.each([[[B]], [[B, C]], [[]]])('answers a number out of reach of %j as one that does not exist', async (reached) => {
    await numbers.add(B, ADDED);
    await numbers.add(C, ADDED);
    const nobodys = await problemOf(numbers.require({ numbers: reached }, '999999999999999'));
    const theirs = await problemOf(numbers.require({ numbers: reached }, A));
    expect(nobodys.code).toBe('unknown_number');
    expect(JSON.stringify(theirs).replaceAll(A, '999999999999999')).toBe(JSON.stringify(nobodys));
    expect(await problemOf(numbers.requireProven({ numbers: reached }, A))).toEqual(theirs);
  });

  it('looks equally often into the database for either', async () => {
    const { numbers: fresh, cache } = await start();
    const look = jest.spyOn(cache, 'refreshAfterMiss');
    await problemOf(fresh.require({ numbers: [B] }, '999999999999999'));
    await problemOf(fresh.require({ numbers: [B] }, A));
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('proves no number while nobody asks 360dialog', async () => {
    expect((await problemOf(numbers.requireProven(ALL, A))).code).toBe('number_unproven');
  });

  it('says why there is none while there is none, and asks for the one of the environment', async () => {
    await numbers.change(A, { removedAt: 1 });
    expect((await problemOf(numbers.require(ALL))).code).toBe('upstream_unavailable');
    const prover = {
      find: jest.fn(async () => undefined),
      reason: new Problem('upstream_key_rejected'),
      declared: null,
      assertProven: async () => undefined,
    };
    numbers.prover = prover;
    expect((await problemOf(numbers.require(ALL, A))).code).toBe('upstream_key_rejected');
    expect(prover.find).toHaveBeenCalledTimes(1);
    numbers.prover = { ...prover, declared: numbers.unkept(C) };
    expect((await numbers.require(ALL)).phoneNumberId).toBe(C);
    expect([numbers.byId(C)?.phoneNumberId, numbers.all()]).toEqual([C, []]);
  });

  it('does not wait for the one of the environment where another is meant', async () => {
    await numbers.change(A, { removedAt: 1 });
    await numbers.add(B, ADDED);
    numbers.prover = { find: () => new Promise(() => undefined), reason: null, declared: null, assertProven: async () => undefined };
    expect((await numbers.require({ numbers: [B] })).phoneNumberId).toBe(B);
    expect((await numbers.require(ALL, B)).phoneNumberId).toBe(B);
  });
});
