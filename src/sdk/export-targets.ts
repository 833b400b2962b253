/** Where telemetry goes by the environment: for rooms that may not ask telemetry itself. */
export { exportPlan, printableUrl, type Sink } from '../telemetry/export-plan.ts';
