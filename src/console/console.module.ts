import { Module } from '@nestjs/common';
import { ConsoleController } from './console.controller.js';

/** The console at `/console`: pages in `page/` that use the public API like any other client. */
@Module({ controllers: [ConsoleController] })
export class ConsoleModule {}
