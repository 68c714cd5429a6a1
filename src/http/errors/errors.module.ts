import { Module } from '@nestjs/common';
import { ErrorsController } from './errors.controller.js';

/** The error catalogue over REST. */
@Module({ controllers: [ErrorsController] })
export class ErrorsModule {}
