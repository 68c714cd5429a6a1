import 'reflect-metadata';
import { AppModule } from './app.module.js';
import { start } from './start.js';
import { refuseStart } from './stop.js';

start((settings) => AppModule.with(settings)).catch(refuseStart);
