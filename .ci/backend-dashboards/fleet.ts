import { bars, type Dashboard, graph, stat, table } from './dashboard.ts';
import { jobVariable } from './variables.ts';

export const fleet: Dashboard = {
  uid: 'outlive-fleet',
  title: 'outlive / Fleet',
  description: 'Many processes of many services: whose trouble it is, and how it is spread.',
  variables: [jobVariable],
  rows: [
    {
      title: 'How many',
      panels: [
        stat('Processes', 'That report.', [['sum(fleet:outlive_instances:count{job=~"$job"})', '']]),
        stat('Services', 'That report.', [['count(fleet:outlive_instances:count{job=~"$job"})', '']]),
        stat('Series a process', 'Of outlive’s own, at most: 300 at defaults.', [
          ['max(count by (job, instance) ({__name__=~"outlive_.*", job=~"$job"}))', ''],
        ]),
        graph('Processes', 'By service.', [['fleet:outlive_instances:count{job=~"$job"}', '{{job}}']], { width: 12 }),
      ],
    },
    {
      title: 'Memory',
      panels: [
        bars('Processes per tenth of their limit', 'Resident memory against it.', [
          [
            'sum by (used_percent) (fleet:outlive_instances_by_memory_used:count{job=~"$job"})',
            '{{used_percent}} % on',
          ],
        ]),
        graph(
          'Memory used',
          'Median, 90th percentile and the fullest.',
          [
            ['quantile(0.5, instance:outlive_memory_used:ratio{job=~"$job"})', 'median'],
            ['quantile(0.9, instance:outlive_memory_used:ratio{job=~"$job"})', 'p90'],
            ['max(instance:outlive_memory_used:ratio{job=~"$job"})', 'fullest'],
          ],
          { unit: 'percentunit', width: 12 },
        ),
        table('Fullest processes', 'Ten of them.', [['topk(10, instance:outlive_memory_used:ratio{job=~"$job"})', '']]),
        table('First to run out', 'Ten processes, by 1 / hours to their limit.', [
          ['topk(10, max by (job, instance) (outlive_memory_exhaustion_rate_per_hour{job=~"$job"}))', ''],
        ]),
      ],
    },
    {
      title: 'Findings',
      panels: [
        graph(
          'Share of the processes',
          'In which a finding of that type stands: one host’s trouble, or everybody’s.',
          [['fleet:outlive_instances_with_finding:ratio{job=~"$job"}', '{{job}} {{outlive_finding_type}}']],
          { unit: 'percentunit', width: 12 },
        ),
        table('Most unreleased', 'Ten processes.', [
          ['topk(10, sum by (job, instance) (outlive_resource_unreleased{job=~"$job"}))', ''],
        ]),
      ],
    },
  ],
};
