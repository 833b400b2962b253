import { APIUserAbortError as AnthropicAborted } from '@anthropic-ai/sdk';
import { APIUserAbortError as OpenaiAborted } from 'openai';

/** Errors in the shape OpenAI's clients understand. A call that was broken off is nobody's fault, the rest is logged. */
export function sendError(error, request, reply) {
  const brokenOff = error instanceof OpenaiAborted || error instanceof AnthropicAborted;
  const status = brokenOff ? 503 : (error.statusCode ?? error.status ?? 500);
  if (status >= 500 && !brokenOff) request.log.error(error);
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return reply.code(status).send({ error: { type, message: error.message } });
}
