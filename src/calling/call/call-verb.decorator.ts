import { applyDecorators, Post } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { Problems } from '#api-conventions/problems.decorator.js';
import { CallDto } from './call.view.js';

/** A route of a verb that answers a call: its path, the statuses of its answers, and the error codes of its refusals. */
export const CallVerb = (path: string, statuses: readonly number[], problems: Readonly<Parameters<typeof Problems>>): MethodDecorator =>
  applyDecorators(Post(path), ...statuses.map((status) => ApiResponse({ status, type: CallDto })), Problems(...problems));
