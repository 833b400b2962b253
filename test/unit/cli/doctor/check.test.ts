import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type Check, checkText, verdictText } from '../../../../src/cli/doctor/check.ts';

const check = (status: Check['status']): Check => ({ title: 'Export', status, seen: 'ECONNREFUSED' });

describe('doctor: what is printed', () => {
  it('has a mark, a title and what was seen, then more of it and the remedy below', () => {
    const text = stripVTControlCharacters(checkText({ ...check('failed'), more: ['more'], remedy: 'Start it.' }));
    assert.equal(text, `  ✗ Export            ECONNREFUSED\n${' '.repeat(22)}more\n${' '.repeat(22)}→ Start it.\n`);
  });

  it('ends with how to start, unless a check failed', () => {
    assert.equal(verdictText([check('ok'), check('skipped')]), 'Ready: node --import outlive/register app.js');
    assert.match(verdictText([check('ok'), check('warning')]), /^Ready: .* \(one warning above\)$/);
    assert.equal(verdictText([check('failed'), check('ok')]), 'Not ready: 1 of 2 checks failed.');
  });
});
