import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

const TEST_TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** The process itself, for one file of tests: what the file changed of it is put back when it is through. */
export default class SharedEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  #before;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.#before = stateOfProcess();
  }

  async setup() {
    globalThis.jest = jestOf(this.moduleMocker, this.fakeTimersModern);
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    delete globalThis[TEST_TIMEOUT];
    putBack(this.#before);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** No context: everything runs in the global scope of the process. */
  getVmContext() {
    return null;
  }
}

/** The parts of `jest` that work without a registry of modules. */
function jestOf(mocker, timers) {
  const jest = {
    fn: (implementation) => mocker.fn(implementation),
    spyOn: (...of) => mocker.spyOn(...of),
    restoreAllMocks: () => chained(mocker.restoreAllMocks()),
    clearAllMocks: () => chained(mocker.clearAllMocks()),
    resetAllMocks: () => chained(mocker.resetAllMocks()),
    useFakeTimers: (options) => chained(timers.useFakeTimers(options)),
    useRealTimers: () => chained(timers.useRealTimers()),
    setSystemTime: (now) => chained(timers.setSystemTime(now)),
    advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
    advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
    setTimeout(ms) {
      globalThis[TEST_TIMEOUT] = ms;
      return jest;
    },
  };
  const chained = () => jest;
  return jest;
}

function stateOfProcess() {
  return {
    env: { ...process.env },
    exit: process.exit,
    exitCode: process.exitCode,
    console: globalThis.console,
    listeners: new Map(process.eventNames().map((name) => [name, process.rawListeners(name)])),
  };
}

function putBack({ env, exit, exitCode, console, listeners }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exit = exit;
  process.exitCode = exitCode;
  globalThis.console = console;
  for (const name of new Set([...process.eventNames(), ...listeners.keys()])) {
    const [now, then] = [process.rawListeners(name), listeners.get(name) ?? []];
    for (const listener of now) if (!then.includes(listener)) process.removeListener(name, listener);
    for (const listener of then) if (!now.includes(listener)) process.on(name, listener);
  }
}
