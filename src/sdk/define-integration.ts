// a file of its own: what runs before the app's first line loads `use.ts`, and none of what an integration is made with
export {
  defineIntegration,
  type Integration,
  type IntegrationDefinition,
  type IntegrationHost,
  type LibraryQueues,
  type LibraryThings,
  type QueueReader,
  type ThingsOptions,
} from '../observe/integration.ts';
