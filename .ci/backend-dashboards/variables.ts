import type { Variable } from './dashboard.ts';

export const jobVariable: Variable = {
  name: 'job',
  label: 'Service',
  query: 'label_values(outlive_self_sweeps_total, job)',
};

export const instanceVariable: Variable = {
  name: 'instance',
  label: 'Process',
  query: 'label_values(outlive_self_sweeps_total{job=~"$job"}, instance)',
};

export const findingVariable: Variable = {
  name: 'finding',
  label: 'Finding',
  query: 'label_values(outlive_finding_resources{job=~"$job"}, outlive_finding_id)',
};
