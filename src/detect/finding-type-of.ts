import type { Kind } from '../lifetime/kind.ts';
import type { FindingType } from './finding.ts';

/** Which finding speaks of a thing of this kind that was not ended. */
export const findingTypeOf: Readonly<Record<Kind, FindingType>> = {
  'http.request': 'pending_task',
  'http.connection': 'unclosed_handle',
  'http.response_body': 'unreleased_stream',
  stream: 'unreleased_stream',
  web_stream: 'unreleased_stream',
  generator: 'abandoned_generator',
  queue: 'growing_queue',
  collection: 'growing_collection',
  task: 'pending_task',
  timer: 'lingering_timer',
  listener: 'lingering_listener',
  client: 'leaked_client',
  lease: 'unreleased_lease',
  socket: 'unclosed_handle',
  file: 'unclosed_handle',
  worker: 'unclosed_handle',
  process: 'unclosed_handle',
  context: 'pending_task',
  heap: 'heap_growth',
};
