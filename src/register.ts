import { startFromEnvironment } from './sdk/begin.ts';

startFromEnvironment();
