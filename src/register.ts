import { startFromEnvironment } from './sdk/start.ts';

startFromEnvironment();
