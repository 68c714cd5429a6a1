// A gateway with one fault, in the place of `dist/main.js`: node prove/faulty/main.mjs FAULT
import 'reflect-metadata';
import { start } from '../../dist/start.js';
import { refuseStart } from '../../dist/stop.js';
import { FAULTS } from './faults.mjs';

const [fault] = process.argv.slice(2);
const rootOf = FAULTS[fault];
if (process.env.NODE_ENV === 'production') throw new Error('a faulty gateway does not run in production');
if (rootOf === undefined) throw new Error(`the fault must be one of ${Object.keys(FAULTS).join(', ')}`);
start(rootOf).catch(refuseStart);
