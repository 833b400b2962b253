import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scopesExplained } from '../../../src/detect/retention-explained.ts';

describe('what explains that contexts are retained', () => {
  it('is whatever was leaked in the same scope', () => {
    const timer = { kind: 'timer', severity: 'warning', scopeName: 'POST /chat' } as const;
    assert.deepEqual([...scopesExplained([timer, timer])], ['POST /chat']);
  });

  it('is no context, no remark, and nothing without a scope', () => {
    const contexts = { kind: 'context', severity: 'warning', scopeName: 'GET /a' } as const;
    const remark = { kind: 'client', severity: 'info', scopeName: 'GET /b' } as const;
    const nowhere = { kind: 'timer', severity: 'warning', scopeName: undefined } as const;
    assert.deepEqual([...scopesExplained([contexts, remark, nowhere])], []);
  });
});
