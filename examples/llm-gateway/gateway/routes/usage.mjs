/** `GET /usage`: what the tenant used so far, as far as it is written down. */
export async function usageRoutes(app, { billing }) {
  app.get('/usage', async (request) => ({ tenant: request.tenant.name, models: billing.totalsOf(request.tenant) }));
}
