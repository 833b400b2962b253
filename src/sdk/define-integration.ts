// a file of its own: what runs before the app's first line loads `use.ts`, and none of what an integration is made with
export * from '../observe/integration.ts';
