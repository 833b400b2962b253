import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { routedName, routeOn, wildcardName } from '../../../../src/observe/hooks/http-routes.ts';

describe('names of requests without a route', () => {
  it('are the method, and one name for whatever is no method', () => {
    assert.equal(wildcardName('GET'), 'GET *');
    assert.equal(wildcardName('M-SEARCH'), 'M-SEARCH *');
    assert.equal(wildcardName('get /secret'), 'OTHER *');
    assert.equal(wildcardName(undefined), 'OTHER *');
    for (let i = 0; i < 1_000; i++) assert.equal(wildcardName(`X${i}`), 'OTHER *');
  });

  it('are no more than there are methods, whatever words a client sends over HTTP/2', () => {
    const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
    const words = letters.flatMap((first) => letters.map((second) => `XX${first}${second}`));
    assert.deepEqual(new Set(words.map(wildcardName)), new Set(['OTHER *']));
    assert.equal(wildcardName('PATCH'), 'PATCH *');
  });
});

describe('names of requests with a route', () => {
  it('are the method and the route', () => {
    assert.equal(routedName('GET', '/orders/:id'), 'GET /orders/:id');
    assert.equal(routedName('POST', '/orders/:id'), 'POST /orders/:id');
    assert.equal(routedName('GET', '/orders/:id'), 'GET /orders/:id');
    assert.equal(routedName('get /secret', '/orders/:id'), 'OTHER /orders/:id');
  });

  it('are right however many routes there are', () => {
    for (let i = 0; i < 5_000; i++) assert.equal(routedName('GET', `/of/${i}`), `GET /of/${i}`);
    assert.equal(routedName('PUT', '/of/4999'), 'PUT /of/4999');
  });
});

// what Express leaves on its objects, as seen on 4.21, 5.1 with router 2.1 and 5.2 with router 2.3
interface Layer {
  route?: object;
  handle?: { stack: Layer[] };
  rawPath?: unknown;
  regexp?: RegExp;
  keys?: { name: string }[];
  params?: object;
}
const router = (...stack: Layer[]) => ({ stack });
const expressFour = (...stack: Layer[]): object =>
  Object.defineProperty(
    Object.assign(() => {}, { _router: { stack } }),
    'router',
    {
      get() {
        throw new Error("'app.router' is deprecated!");
      },
    },
  );
const expressFive = (...stack: Layer[]): object => Object.assign(() => {}, { router: { stack } });
const named = (app: object, route: { path: unknown }, baseUrl: string) => routeOn({ app, route, baseUrl });

describe('the route that a framework left on the request', () => {
  let route: { path: string };
  beforeEach(() => {
    route = { path: '/posts/:id' };
  });

  it('is its path where the router is not mounted anywhere', () => {
    assert.equal(routeOn({ route, baseUrl: '' }), '/posts/:id');
    assert.equal(routeOn({ route }), '/posts/:id');
  });

  it('is unknown where there is none, or it is no text', () => {
    assert.equal(routeOn({}), undefined);
    assert.equal(routeOn({ route: { path: /^\/a/ } }), undefined);
    assert.equal(routeOn({ route: { path: ['/a', '/b'] } }), undefined);
  });

  it('never holds a value of a parameter: a mount that cannot be told is a star', () => {
    assert.equal(routeOn({ route, baseUrl: '/users/alice' }), '*/posts/:id');
    assert.equal(named(expressFour(), route, '/users/alice'), '*/posts/:id');
  });

  it('has the mounts of Express 4 read back from their expressions', () => {
    const posts = router({ route });
    const api = router({ regexp: /^\/users(?:\/([^/]+?))\/?(?=\/|$)/i, keys: [{ name: 'uid' }], handle: posts });
    const app = expressFour({ regexp: /^\/api\/?(?=\/|$)/i, keys: [], handle: api });
    assert.equal(named(app, route, '/api/users/alice'), '/api/users/:uid/posts/:id');
  });

  it('is a star for a mount that only an expression tells', () => {
    const app = expressFour({ regexp: /^\/v(\d+)/, keys: [{ name: '0' }], handle: router({ route }) });
    assert.equal(named(app, route, '/v2'), '*/posts/:id');
  });

  it('has the mounts of Express 5 as they were written', () => {
    const api = router({ rawPath: '/users/:uid', handle: router({ route }) });
    const app = expressFive({ rawPath: '/', handle: router() }, { rawPath: '/api', handle: api });
    assert.equal(named(app, route, '/api/users/alice'), '/api/users/:uid/posts/:id');
  });

  it('takes the base URL only where no mount of an older router has a parameter', () => {
    const mount = (params: object | undefined) => expressFive({ ...(params && { params }), handle: router({ route }) });
    assert.equal(named(mount({}), { ...route }, '/api'), '*/posts/:id', 'another route');
    assert.equal(named(mount({}), route, '/api'), '/api/posts/:id');
    const other = { path: '/a' };
    const dynamic = expressFive({ params: { uid: 'alice' }, handle: router({ route: other }) });
    assert.equal(named(dynamic, other, '/alice'), '*/a');
  });

  it('has the place where an app is mounted in another', () => {
    const inner = { path: '/deep/:z' };
    const sub = Object.assign(expressFive({ route: inner }), { mountpath: '/sub', parent: expressFive() });
    assert.equal(named(sub, inner, '/sub'), '/sub/deep/:z');
  });

  it('is a star for a router that is mounted twice', () => {
    const twice = { path: '/t' };
    const shared = router({ route: twice });
    const app = expressFive({ rawPath: '/a', handle: shared }, { rawPath: '/b', handle: shared });
    assert.equal(named(app, twice, '/a'), '*/t');
  });

  it('is the mount alone for a router’s own root', () => {
    const root = { path: '/' };
    assert.equal(named(expressFive({ rawPath: '/api', handle: router({ route: root }) }), root, '/api'), '/api');
  });

  it('is looked for a few times only where it cannot be told', () => {
    let walks = 0;
    const app = Object.assign(() => {}, {
      get router() {
        walks++;
        return { stack: [] };
      },
    });
    for (let i = 0; i < 100; i++) assert.equal(named(app, route, '/users/alice'), '*/posts/:id');
    assert.ok(walks <= 8);
  });

  it('is found in a circle of routers, and in bounded time among very many layers', () => {
    const circle: Layer[] = [];
    circle.push({ rawPath: '/a', handle: { stack: circle } });
    assert.equal(named(expressFive(...circle), { path: '/x' }, '/a'), '*/x');
    const many = Array.from({ length: 100_000 }, (): Layer => ({ rawPath: '/a' }));
    assert.equal(named(expressFive(...many), { path: '/x' }, '/a'), '*/x');
  });
});
