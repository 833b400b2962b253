// Loaded into the gateway before it. A service in production sees a major collection every ten sweeps or so; the demo's
// sweeps come fifty times as often, so its major collections have to come as much sooner. Needs `--expose-gc`.
const meanMs = 10 * Number(process.env.OUTLIVE_SWEEP_INTERVAL_MS);

const collectLater = () => {
  setTimeout(
    () => {
      globalThis.gc();
      collectLater();
    },
    meanMs * (0.5 + Math.random()),
  ).unref();
};
collectLater();
