import type { RequestTimes } from '../lifetime/request-times.ts';
import { attribute } from './names.ts';
import type { NameCap } from './name-cap.ts';
import { activeAttributes } from './request-attributes.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

/** A method and a scheme are told once a request of theirs was under way. */
export function fillRequests(sheet: ScalarSheet, times: RequestTimes, methods: NameCap): void {
  for (const { name, secure, count } of times.active()) {
    const attributes = activeAttributes(name, secure);
    const isNamed = methods.admits(`${name} ${secure}`);
    sheet.add('runtime', 'activeRequests', count, isNamed ? attributes : { ...attributes, ...otherMethod });
  }
}

const otherMethod = { [attribute.requestMethod]: '_OTHER', [attribute.urlScheme]: 'http' };
