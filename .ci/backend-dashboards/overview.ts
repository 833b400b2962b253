import { type Dashboard, graph, stat, table } from './dashboard.ts';
import { jobVariable } from './variables.ts';

export const overview: Dashboard = {
  uid: 'outlive-overview',
  title: 'outlive / Overview',
  description: 'Every service that reports: does anything leak, grow or fill up, and where to look next.',
  variables: [jobVariable],
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Processes', 'That report.', [['sum(fleet:outlive_instances:count{job=~"$job"})', '']]),
        stat('Findings', 'That stand.', [['sum(job:outlive_finding_active:sum{job=~"$job"})', '']]),
        stat('Certain', 'Findings that cannot be wrong.', [
          ['sum(job:outlive_finding_active:sum{job=~"$job", outlive_finding_certainty="certain"})', ''],
        ]),
        stat('Unreleased', 'Open resources that a finding speaks of.', [
          ['sum(job:outlive_resource_unreleased:sum{job=~"$job"})', ''],
        ]),
        stat(
          'Fullest process',
          'Resident memory against its limit.',
          [['max(instance:outlive_memory_used:ratio{job=~"$job"})', '']],
          {
            unit: 'percentunit',
          },
        ),
        stat(
          'First to run out',
          'Until the first process reaches a memory limit; empty while none is in sight.',
          [['min(job:outlive_memory_exhaustion:hours{job=~"$job"})', '']],
          { unit: 'h' },
        ),
      ],
    },
    {
      title: 'By service',
      panels: [
        graph(
          'Findings by type',
          'That stand.',
          [
            [
              'sum by (job, outlive_finding_type) (job:outlive_finding_active:sum{job=~"$job"})',
              '{{job}} {{outlive_finding_type}}',
            ],
          ],
          { stacked: true },
        ),
        graph('Unreleased by kind', 'Open resources that a finding speaks of.', [
          ['job:outlive_resource_unreleased:sum{job=~"$job"} > 0', '{{job}} {{outlive_resource_kind}}'],
        ]),
        graph(
          'Queues: time to capacity',
          'At the present growth.',
          [['job:outlive_queue_time_to_capacity:seconds{job=~"$job"}', '{{job}} {{outlive_queue_name}}']],
          { unit: 's' },
        ),
        graph(
          'Memory used',
          'Resident memory against its limit: the fullest process.',
          [['max by (job) (instance:outlive_memory_used:ratio{job=~"$job"})', '{{job}}']],
          { unit: 'percentunit' },
        ),
        graph(
          'Garbage collection',
          'Share of the time: the worst process.',
          [['max by (job) (instance:outlive_gc_time:ratio_rate5m{job=~"$job"})', '{{job}}']],
          { unit: 'percentunit' },
        ),
        graph(
          'Precision',
          'Share of the findings that were not taken back.',
          [['job:outlive_finding_precision:ratio{job=~"$job"}', '{{job}}']],
          { unit: 'percentunit' },
        ),
      ],
    },
    {
      title: 'What stands',
      panels: [
        table(
          'Largest findings',
          'By the resources they speak of; the id leads to the dashboard of one finding.',
          [
            [
              'topk(20, sum by (job, outlive_finding_type, outlive_finding_id, outlive_scope_name) (outlive_finding_resources{job=~"$job"}))',
              '',
            ],
          ],
          { width: 24 },
        ),
      ],
    },
  ],
};
