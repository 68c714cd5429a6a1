import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { isCannot } from './graph-clients/client.js';
import { gatewayTarget } from './graph-clients/gateway-target.js';
import { OPERATIONS, type Run } from './graph-clients/operations.js';
import { CLIENTS, openRun } from './graph-clients/run.js';
import { type Cell, tableOf } from './graph-clients/table.js';
import { type GraphTarget, simulatorTarget } from './graph-clients/target.js';

/** Where the clients are proved, and what opens it. */
const TARGETS: Readonly<Record<string, () => Promise<GraphTarget>>> = {
  simulator: simulatorTarget,
  ...Object.fromEntries(engines.map((engine) => [`gateway on ${engine}`, () => gatewayTarget(engine)])),
};

const cells = new Map<string, Map<string, Cell>>();

describe.each(Object.keys(TARGETS))('programs written for Meta, at the %s', (name) => {
  let target: GraphTarget;
  beforeAll(async () => {
    target = (await TARGETS[name]?.()) as GraphTarget;
  });
  afterAll(() => target.close());

  describe.each(Object.entries(CLIENTS))('%s, with nothing changed but the host', (clientName, make) => {
    let run: Run;
    const column = new Map<string, Cell>();
    cells.set(`${clientName} × ${name}`, column);
    beforeAll(async () => {
      run = await openRun(target, make, 'one');
    });
    afterAll(() => run.consumer.close());

    it.each(Object.entries(OPERATIONS))('can %s', async (operation, work) => {
      const done = await work(run);
      if (isCannot(done)) expect([done.cannot, done.proof()]).toEqual([done.cannot, true]);
      column.set(operation, isCannot(done) ? { cannot: done.cannot } : '✓');
    });

    it('reads every webhook that came, each of plain ASCII', () => {
      expect(run.consumer.failures).toEqual([]);
      expect(run.consumer.received.length).toBeGreaterThan(10);
      for (const { body } of run.consumer.received) expect(body).toMatch(/^[ -~]+$/);
    });
  });
});

afterAll(() => {
  const table = tableOf(cells, Object.keys(OPERATIONS));
  process.stdout.write(`\n${table}\n`);
});
