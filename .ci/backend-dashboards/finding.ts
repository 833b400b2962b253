import { type Dashboard, graph, logs, stat, table } from './dashboard.ts';
import { findingVariable, jobVariable } from './variables.ts';

const of = 'job=~"$job", outlive_finding_id=~"$finding"';

export const finding: Dashboard = {
  uid: 'outlive-finding',
  title: 'outlive / Finding',
  description: 'One finding: how much of it there is, since when, in which processes, and the line at fault.',
  variables: [jobVariable, findingVariable],
  rows: [
    {
      title: 'How much',
      panels: [
        stat('Resources', 'That it speaks of, everywhere.', [[`sum(outlive_finding_resources{${of}})`, '']]),
        stat('Processes', 'In which it stands.', [
          [`count(count by (job, instance) (outlive_finding_resources{${of}}))`, ''],
        ]),
        stat('Growth', 'Resources an hour.', [[`sum(deriv(outlive_finding_resources{${of}}[15m])) * 3600`, '']]),
        graph(
          'Resources by process',
          'That it speaks of.',
          [
            [
              `sum by (instance, outlive_finding_type) (outlive_finding_resources{${of}})`,
              '{{instance}} {{outlive_finding_type}}',
            ],
          ],
          { width: 12 },
        ),
        table(
          'By scope',
          'The work that left them behind.',
          [
            [
              `sum by (outlive_scope_name, outlive_finding_type, outlive_finding_id) (outlive_finding_resources{${of}})`,
              '',
            ],
          ],
          { width: 24 },
        ),
      ],
    },
    {
      title: 'Its own words',
      panels: [
        logs('Events', 'Raised, updated, resolved, retracted: with the line at fault, the advice and a trace.', [
          ['{service_name=~"$job"} | outlive_finding_id=~"$finding"', ''],
        ]),
        logs('At fault', 'The line and its example trace.', [
          [
            '{service_name=~"$job"} | outlive_finding_id=~"$finding" | outlive_finding_state="raised" | line_format "{{.outlive_finding_type}} {{.code_file_path}}:{{.code_line_number}} trace {{.trace_id}}: {{.outlive_finding_advice}}"',
            '',
          ],
        ]),
      ],
    },
  ],
};
