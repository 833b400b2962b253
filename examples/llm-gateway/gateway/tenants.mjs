/** `key=name[:zero-retention]`, separated by commas. Nothing a zero-retention tenant says is written down. */
export const parseTenants = (text) =>
  new Map(
    text.split(',').map((entry) => {
      const [key, rest] = entry.split('=');
      const [name, option] = rest.split(':');
      return [key, { name, retains: option !== 'zero-retention' }];
    }),
  );

/** Lets only known keys in, and tells the routes whose request it is. */
export function authenticateWith(tenants) {
  return async function authenticate(request, reply) {
    const key = request.headers.authorization?.replace(/^Bearer /, '');
    const tenant = tenants.get(key);
    if (tenant) request.tenant = tenant;
    else return reply.code(401).send({ error: { type: 'authentication_error', message: 'Unknown API key' } });
  };
}
