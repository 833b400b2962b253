// Loaded into the gateway before it: ends it should the demo die without a word.
process.once('disconnect', () => process.exit());
process.channel.unref();
