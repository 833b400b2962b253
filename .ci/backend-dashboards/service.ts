import { type Dashboard, graph } from './dashboard.ts';
import { instanceVariable, jobVariable } from './variables.ts';

const of = 'job=~"$job", instance=~"$instance"';

export const service: Dashboard = {
  uid: 'outlive-service',
  title: 'outlive / Service',
  description: 'One service: what is open, what waits, what memory does, and what outlive itself costs.',
  variables: [jobVariable, instanceVariable],
  rows: [
    {
      title: 'Resources',
      panels: [
        graph('Open', 'By kind.', [
          [`sum by (outlive_resource_kind) (outlive_resource_open{${of}})`, '{{outlive_resource_kind}}'],
        ]),
        graph('Unreleased', 'Open, and a finding speaks of them.', [
          [
            `sum by (outlive_resource_kind, outlive_finding_certainty) (outlive_resource_unreleased{${of}})`,
            '{{outlive_resource_kind}} {{outlive_finding_certainty}}',
          ],
        ]),
        graph(
          'Buffered',
          'In open resources.',
          [[`sum by (outlive_resource_kind) (outlive_resource_buffered_bytes{${of}})`, '{{outlive_resource_kind}}']],
          { unit: 'bytes' },
        ),
        graph(
          'Opened',
          'A second.',
          [
            [
              `sum by (outlive_resource_kind) (rate(outlive_resource_opened_total{${of}}[$__rate_interval]))`,
              '{{outlive_resource_kind}}',
            ],
          ],
          { unit: 'ops' },
        ),
        graph(
          'Ended',
          'A second, and how.',
          [
            [
              `sum by (outlive_resource_kind, outlive_resource_end) (rate(outlive_resource_ended_total{${of}}[$__rate_interval]))`,
              '{{outlive_resource_kind}} {{outlive_resource_end}}',
            ],
          ],
          { unit: 'ops' },
        ),
        graph(
          'Lifetime, 99th percentile',
          'Of what ended.',
          [
            [
              `histogram_quantile(0.99, sum by (le, outlive_resource_kind) (rate(outlive_resource_lifetime_seconds_bucket{${of}}[$__rate_interval])))`,
              '{{outlive_resource_kind}}',
            ],
          ],
          { unit: 's' },
        ),
        graph('Work under way', 'Requests, jobs and tasks.', [
          [`sum by (outlive_scope_name) (outlive_scope_active{${of}})`, '{{outlive_scope_name}}'],
        ]),
        graph('Clients', 'Open, and those that nobody closes.', [
          [`sum(outlive_resource_open{${of}, outlive_resource_kind="client"})`, 'open'],
          [`sum(outlive_resource_unreleased{${of}, outlive_resource_kind="client"})`, 'unreleased'],
        ]),
        graph('Findings raised and taken back', 'A second.', [
          [`sum(rate(outlive_finding_raised_total{${of}}[$__rate_interval]))`, 'raised'],
          [`sum(rate(outlive_finding_resolved_total{${of}}[$__rate_interval]))`, 'resolved'],
          [`sum(rate(outlive_finding_retracted_total{${of}}[$__rate_interval]))`, 'retracted'],
          [`sum(rate(outlive_finding_suppressed_total{${of}}[$__rate_interval]))`, 'suppressed'],
        ]),
      ],
    },
    {
      title: 'Queues',
      panels: [
        graph('Size', 'What waits, and what fits.', [
          [`sum by (outlive_queue_name) (outlive_queue_size{${of}})`, '{{outlive_queue_name}}'],
          [`sum by (outlive_queue_name) (outlive_queue_capacity{${of}})`, '{{outlive_queue_name}} capacity'],
        ]),
        graph('Growth', 'Items a second; 0 when it does not grow.', [
          [`max by (outlive_queue_name) (outlive_queue_growth_rate_per_second{${of}})`, '{{outlive_queue_name}}'],
        ]),
        graph(
          'Time to capacity',
          'At the present growth.',
          [['job:outlive_queue_time_to_capacity:seconds{job=~"$job"}', '{{outlive_queue_name}}']],
          { unit: 's' },
        ),
        graph(
          'Fill',
          'Size as a share of capacity.',
          [[`max by (outlive_queue_name) (outlive_queue_utilization_ratio{${of}})`, '{{outlive_queue_name}}']],
          { unit: 'percentunit' },
        ),
        graph(
          'Oldest item',
          'How long it has waited.',
          [[`max by (outlive_queue_name) (outlive_queue_oldest_seconds{${of}})`, '{{outlive_queue_name}}']],
          { unit: 's' },
        ),
      ],
    },
    {
      title: 'Memory',
      panels: [
        graph(
          'Resident',
          'Against each limit.',
          [
            [`max(process_memory_usage_bytes{${of}})`, 'resident'],
            [
              `min by (outlive_memory_limit_source) (outlive_memory_limit_bytes{${of}})`,
              'limit: {{outlive_memory_limit_source}}',
            ],
          ],
          { unit: 'bytes' },
        ),
        graph(
          'Heap after a major collection',
          'What a leak makes grow.',
          [
            [`max(outlive_memory_heap_live_bytes{${of}})`, 'live'],
            [`min(outlive_memory_heap_limit_bytes{${of}})`, 'limit'],
          ],
          { unit: 'bytes' },
        ),
        graph(
          'Outside the heap',
          'Buffers and native memory.',
          [
            [`max(outlive_memory_external_bytes{${of}})`, 'external'],
            [`max(outlive_memory_array_buffers_bytes{${of}})`, 'array buffers'],
            [`max(outlive_memory_malloced_bytes{${of}})`, 'malloced'],
          ],
          { unit: 'bytes' },
        ),
        graph(
          'Growth',
          'Bytes a second, once it is established.',
          [[`max by (instance) (outlive_memory_growth_rate_bytes_per_second{${of}})`, '{{instance}}']],
          { unit: 'Bps' },
        ),
        graph(
          'Time to exhaustion',
          'Of the nearest limit.',
          [['job:outlive_memory_exhaustion:hours{job=~"$job"}', '{{job}}']],
          { unit: 'h' },
        ),
        graph(
          'Fragmentation',
          'Committed and not used.',
          [[`max by (v8js_heap_space_name) (outlive_memory_fragmentation_ratio{${of}})`, '{{v8js_heap_space_name}}']],
          { unit: 'percentunit' },
        ),
        graph(
          'Stalled for want of memory',
          'Share of the time (Linux PSI).',
          [[`max by (instance) (outlive_memory_pressure_ratio{${of}})`, '{{instance}}']],
          { unit: 'percentunit' },
        ),
        graph('Killed for want of memory', 'By the kernel, in this control group.', [
          [`sum(outlive_memory_oom_kills_total{${of}})`, 'kills'],
        ]),
        graph(
          'Resident, median and 99th percentile',
          'Of the samples of the process.',
          [
            [
              `histogram_quantile(0.5, sum by (le) (rate(outlive_memory_rss_bytes_bucket{${of}}[$__rate_interval])))`,
              'median',
            ],
            [
              `histogram_quantile(0.99, sum by (le) (rate(outlive_memory_rss_bytes_bucket{${of}}[$__rate_interval])))`,
              'p99',
            ],
          ],
          { unit: 'bytes' },
        ),
      ],
    },
    {
      title: 'Garbage collection and the event loop',
      panels: [
        graph(
          'Time in collections',
          'Share, by type.',
          [[`sum by (v8js_gc_type) (rate(v8js_gc_duration_seconds_sum{${of}}[$__rate_interval]))`, '{{v8js_gc_type}}']],
          { unit: 'percentunit' },
        ),
        graph(
          'Longest collections',
          '99th percentile.',
          [
            [
              `histogram_quantile(0.99, sum by (le, v8js_gc_type) (rate(v8js_gc_duration_seconds_bucket{${of}}[$__rate_interval])))`,
              '{{v8js_gc_type}}',
            ],
          ],
          { unit: 's' },
        ),
        graph(
          'Requests slowed by a collection',
          'Slower than their p99 while a major one ran.',
          [[`sum(rate(outlive_gc_slow_requests_total{${of}}[$__rate_interval]))`, 'requests']],
          { unit: 'reqps' },
        ),
        graph(
          'Event loop delay',
          '99th percentile.',
          [[`max by (instance) (nodejs_eventloop_delay_p99_seconds{${of}})`, '{{instance}}']],
          { unit: 's' },
        ),
        graph(
          'Requests',
          '99th percentile by route.',
          [
            [
              `histogram_quantile(0.99, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket{${of}}[$__rate_interval])))`,
              '{{http_route}}',
            ],
          ],
          { unit: 's' },
        ),
        graph('File descriptors', 'In use.', [
          [`max by (instance) (process_unix_file_descriptor_count{${of}})`, '{{instance}}'],
        ]),
      ],
    },
    {
      title: 'outlive itself',
      panels: [
        graph(
          'CPU',
          'Of one CPU.',
          [[`max by (instance) (outlive_self_cpu_utilization_ratio{${of}})`, '{{instance}}']],
          {
            unit: 'percentunit',
          },
        ),
        graph('Memory', 'Of its own.', [[`max by (instance) (outlive_self_memory_bytes{${of}})`, '{{instance}}']], {
          unit: 'bytes',
        }),
        graph('Sweeps', 'A second.', [
          [`sum by (instance) (rate(outlive_self_sweeps_total{${of}}[$__rate_interval]))`, '{{instance}}'],
        ]),
        graph(
          'Sweep, 99th percentile',
          'Its slices together.',
          [
            [
              `histogram_quantile(0.99, sum by (le) (rate(outlive_self_sweep_duration_seconds_bucket{${of}}[$__rate_interval])))`,
              'sweep',
            ],
          ],
          { unit: 's' },
        ),
        graph(
          'Looked at in full',
          'Share of the openings, by group of hooks.',
          [[`min by (outlive_self_hook_group) (outlive_self_sampling_ratio{${of}})`, '{{outlive_self_hook_group}}']],
          { unit: 'percentunit' },
        ),
        graph('Kinds that are judged', 'The others are still being learnt.', [
          [`sum by (outlive_self_phase) (outlive_self_state{${of}})`, '{{outlive_self_phase}}'],
        ]),
      ],
    },
  ],
};
