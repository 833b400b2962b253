const models = [
  { id: 'gpt-4o', owned_by: 'openai' },
  { id: 'gpt-4o-mini', owned_by: 'openai' },
  { id: 'text-embedding-3-small', owned_by: 'openai' },
  { id: 'claude-sonnet-5', owned_by: 'anthropic' },
];

export async function modelRoutes(app) {
  app.get('/models', async () => ({ object: 'list', data: models.map((model) => ({ object: 'model', ...model })) }));
}
