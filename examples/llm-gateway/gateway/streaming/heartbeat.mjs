/** Keeps proxies from closing a stream whose model is still thinking. Gives the function that stops it. */
export function startHeartbeat(events, intervalMs) {
  const heartbeat = setInterval(() => events.comment('ping'), intervalMs); // leak: timers
  return () => clearInterval(heartbeat);
}
