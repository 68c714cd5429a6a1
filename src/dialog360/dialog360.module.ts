import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Dialog360Client } from './dialog360.client.js';
import { HttpTransport } from './http-transport.client.js';

/** The client of 360dialog's API. It needs settings, clock and metrics, which are global. */
@Module({ imports: [HttpModule], providers: [HttpTransport, Dialog360Client], exports: [Dialog360Client] })
export class Dialog360Module {}
