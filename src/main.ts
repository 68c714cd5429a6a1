import 'reflect-metadata';
import { start } from './start.js';
import { refuseStart } from './stop.js';

start().catch(refuseStart);
