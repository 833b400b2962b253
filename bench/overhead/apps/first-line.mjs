// An app that tells what its process had cost before its first line.
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() }));
