import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Dialog360Client } from './dialog360.client.js';
import { Line } from './line.client.js';

/** The way out to 360dialog. Needs settings, clock and metrics, which are global. */
@Module({ imports: [HttpModule], providers: [Line, Dialog360Client], exports: [Dialog360Client] })
export class Dialog360Module {}
