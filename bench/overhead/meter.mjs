// Loaded before the app in every set-up, bare too: tells the bench what its process has used so far.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuUs: user + system, rssBytes: process.memoryUsage.rss() });
});
