import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceNameOf } from '../../../../src/telemetry/alerts/service-name.ts';

test('service name: the variables of OpenTelemetry first, then the app’s providers, then its default', () => {
  const attributes = 'team=x, service.name=the%20shop';
  assert.equal(serviceNameOf({ OTEL_SERVICE_NAME: ' shop ', OTEL_RESOURCE_ATTRIBUTES: attributes }, 'app'), 'shop');
  assert.equal(serviceNameOf({ OTEL_RESOURCE_ATTRIBUTES: attributes }, 'app'), 'the shop');
  assert.equal(serviceNameOf({ OTEL_SERVICE_NAME: '', OTEL_RESOURCE_ATTRIBUTES: 'service.name=' }, 'app'), 'app');
  assert.equal(serviceNameOf({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=100%' }, undefined), '100%');
  assert.equal(serviceNameOf({}, undefined), 'unknown_service:node');
});
