import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Charge } from '../../../src/detect/detector.ts';
import { MemoryLimits } from '../../../src/detect/memory-limit.ts';
import type { MemoryLimit } from '../../../src/detect/memory-outlook.ts';
import { MemoryRecord } from '../../../src/detect/memory-record.ts';
import type { MemorySample } from '../../../src/detect/memory-series.ts';
import type { MemoryThresholds } from '../../../src/detect/memory-thresholds.ts';
import { chargesOf } from './charges-of.ts';
import { defaultThresholds, heapLimit, hostLimit, mb, minuteMs, sampleOf } from './memory-samples.ts';
import { normals } from './statistics/random.ts';

type At = (minute: number) => Partial<MemorySample>;

/** A process whose memory is read once a minute, and the rule that is asked after each reading. */
class Watched {
  readonly record = new MemoryRecord(5 * minuteMs);
  readonly rule: MemoryLimits;
  readonly #limits: (sample: MemorySample) => readonly MemoryLimit[];
  #minute = 0;
  #sample = sampleOf();
  #floor: { atMs: number; bytes: number; codeBytes: number } | undefined;

  constructor(
    limits: (sample: MemorySample) => readonly MemoryLimit[] = () => [hostLimit, heapLimit],
    thresholds: Partial<MemoryThresholds> = {},
  ) {
    this.#limits = limits;
    this.rule = new MemoryLimits(() => this.#judge(), { ...defaultThresholds, ...thresholds });
  }

  *#judge() {
    const { rssBytes } = this.#sample;
    const now = { rssBytes, limits: this.#limits(this.#sample), heapFloor: this.#floor };
    yield* this.record.judge(now);
    return this.record.facts(now);
  }

  minute(at: At): Charge | undefined {
    const atMs = this.#minute * minuteMs;
    this.#sample = sampleOf({ atMs, ...at(this.#minute) });
    const { heapFloorBytes } = this.#sample;
    if (heapFloorBytes !== undefined) this.#floor = { atMs, bytes: heapFloorBytes, codeBytes: 0 };
    this.record.add(this.#sample);
    return chargesOf(this.rule, this.#minute++, atMs)[0];
  }

  /** @returns the minutes with a charge and what the last of them says */
  run(minutes: number, at: At): { charged: number[]; severities: Set<string>; last: Charge | undefined } {
    const charged: number[] = [];
    const severities = new Set<string>();
    let last: Charge | undefined;
    for (let i = 0; i < minutes; i++) {
      const minute = this.#minute;
      const charge = this.minute(at);
      if (charge === undefined) continue;
      charged.push(minute);
      severities.add(charge.suspicion.severity);
      last = charge;
    }
    return { charged, severities, last };
  }
}

const container =
  (limitMb: number) =>
  ({ rssBytes }: MemorySample): MemoryLimit[] => [
    hostLimit,
    heapLimit,
    { source: 'cgroup', bytes: limitMb * mb, usedBytes: rssBytes },
  ];

const rss = (level: (minute: number) => number) => (minute: number) => ({ rssBytes: level(minute) * mb });

describe('memory_limit: a leak', () => {
  test('that fills its container within a day is a warning, within an hour critical, with its rate and the time left', () => {
    const watched = new Watched(container(512));
    const early = watched.run(
      85,
      rss((i) => 150 + i),
    );
    assert.ok((early.charged[0] ?? Infinity) < 30, `first at ${early.charged[0]}`);
    assert.deepEqual([...early.severities], ['info'], 'it might be a warm-up');
    const far = watched.run(
      25,
      rss((i) => 150 + i),
    );
    assert.deepEqual([...far.severities], ['info'], 'it reaches farther ahead than twice what was watched');
    const { last } = watched.run(
      20,
      rss((i) => 150 + i),
    );
    const { suspicion } = last ?? assert.fail();
    assert.equal(suspicion.severity, 'warning');
    assert.equal(suspicion.type, 'memory_limit');
    assert.equal(suspicion.detector, 'threshold');
    assert.ok(Math.abs((suspicion.rate?.value ?? 0) - 60 * mb) < mb);
    assert.match(
      suspicion.advice,
      /grows by 60 MB an hour .* the container \(cgroup\) is full in about 3\.9 h \(3\.9 h to/,
    );
    assert.match(suspicion.advice, /outside JavaScript's heap/);
    assert.equal(
      watched.run(
        190,
        rss((i) => 150 + i),
      ).last?.suspicion.severity,
      'critical',
    );
  });

  test('of the heap under its limit is told by its floor', () => {
    const limits = () => [{ ...heapLimit, bytes: 500 * mb }];
    const { last } = new Watched(limits).run(100, (i) => ({ heapFloorBytes: (50 + 2 * i) * mb }));
    assert.match(last?.suspicion.advice ?? '', /what survives garbage collection grows by 120 MB an hour .*V8's heap/);
  });

  test('that fills it in the blink of a sample is told by its level', () => {
    const watched = new Watched(container(512));
    assert.deepEqual(
      watched.run(
        10,
        rss(() => 100),
      ).charged,
      [],
    );
    const { suspicion } = watched.minute(rss(() => 470)) ?? assert.fail();
    assert.equal(suspicion.severity, 'critical');
    assert.match(suspicion.advice, /470 MB of the 512 MB of the container \(cgroup\) are taken \(92 %\)/);
  });
});

describe('memory_limit: look-alikes say nothing above info', () => {
  const noise = normals(5);
  const silent: Record<string, [number, At]> = {
    'a service of 300 MB on a host of 24 GB': [600, rss(() => 300 + noise())],
    'a cache that warms up to 900 MB': [600, rss((i) => 100 + 800 * (1 - Math.exp(-i / 90)))],
    'a pool that fills within minutes': [300, rss((i) => 100 + Math.min(200, 20 * i))],
    'a busier day': [
      1440,
      (i) => {
        const inFlight = 20 + 15 * Math.sin((2 * Math.PI * i) / 1440);
        return { rssBytes: (100 + 20 * inFlight) * mb, inFlight, startedPerS: 5 * inFlight };
      },
    ],
    'one step up by a gigabyte': [400, rss((i) => (i < 100 ? 200 : 1200))],
  };
  for (const [name, [minutes, at]] of Object.entries(silent)) {
    test(name, () => {
      const { severities } = new Watched().run(minutes, at);
      severities.delete('info');
      assert.deepEqual([...severities], []);
    });
  }

  test('hours of growth that end before a third of the room is taken', () => {
    const { severities } = new Watched(container(512)).run(
      900,
      rss((i) => 150 + Math.min(110, 0.5 * i)),
    );
    assert.deepEqual([...severities], ['info']);
  });

  test('±1 MB of noise says nothing at all', () => {
    assert.deepEqual(
      new Watched().run(
        1000,
        rss(() => 100 + 2 * Math.random() - 1),
      ).charged,
      [],
    );
  });
});

describe('MON-5: the figures that know nothing of the machine', () => {
  const stepUp = (byMb: number) => rss((i) => (i < 20 ? 100 : 100 + byMb));

  test('256 MB over the baseline are info, and a warning where absolute figures are asked for; 512 MB critical', () => {
    assert.deepEqual([...new Watched().run(40, stepUp(260)).severities], ['info']);
    assert.deepEqual([...new Watched(undefined, { sort: 'absolute' }).run(40, stepUp(260)).severities], ['warning']);
    assert.deepEqual([...new Watched(undefined, { sort: 'absolute' }).run(40, stepUp(520)).severities], ['critical']);
    assert.deepEqual(new Watched(undefined, { sort: 'absolute' }).run(40, stepUp(250)).charged, []);
  });

  test('50 MB/h are a warning, 100 MB/h critical; in development 10 MB/h', () => {
    const sort = 'absolute';
    const severity = (mbPerHour: number, thresholds: Partial<MemoryThresholds> = {}) =>
      new Watched(undefined, { sort, ...thresholds }).run(
        90,
        rss((i) => 100 + (mbPerHour / 60) * i),
      ).last?.suspicion.severity;
    assert.equal(severity(40), undefined);
    assert.equal(severity(60), 'warning');
    assert.equal(severity(120), 'critical');
    assert.equal(severity(12, { growthBytesPerHour: { warning: 10 * mb, critical: 100 * mb } }), 'warning');
  });

  test('learned of the process: far above its own top is a warning, within it nothing', () => {
    const noise = normals(8);
    const usual = rss(() => 400 + 20 * noise());
    const watched = new Watched(undefined, { sort: 'learned', aboveBaselineBytes: { warning: 1e12, critical: 1e12 } });
    assert.deepEqual(watched.run(600, usual).charged, []);
    assert.equal(watched.minute(rss(() => 520))?.suspicion.severity, 'warning');
    assert.equal(watched.minute(rss(() => 640))?.suspicion.severity, 'critical');
  });
});

describe('memory_limit: pressed for time', () => {
  test('is who nears a limit or will soon, not who has grown', () => {
    const watched = new Watched(container(512));
    watched.run(
      100,
      rss((i) => 150 + i),
    );
    assert.equal(watched.rule.isPressed, false);
    watched.run(
      30,
      rss((i) => 150 + i),
    );
    assert.equal(watched.rule.isPressed, true);
    const full = new Watched(container(512));
    full.minute(rss(() => 470));
    assert.equal(full.rule.isPressed, true);
    const large = new Watched(undefined, { sort: 'absolute' });
    large.run(
      40,
      rss((i) => (i < 20 ? 100 : 400)),
    );
    assert.equal(large.rule.isPressed, false);
  });
});

describe('memory_limit: alerts', () => {
  test('one an hour, however often it comes and goes', () => {
    const watched = new Watched(container(512));
    const { charged } = watched.run(
      150,
      rss((i) => (i % 10 < 2 ? 420 : 100)),
    );
    assert.deepEqual(
      charged.map((minute) => Math.floor(minute / 60)),
      [0, 0, 1, 1, 2, 2],
    );
  });

  test('but at once when it gets worse by a level', () => {
    const watched = new Watched(container(512));
    watched.minute(rss(() => 420));
    watched.minute(rss(() => 100));
    assert.equal(watched.minute(rss(() => 420)), undefined);
    assert.equal(watched.minute(rss(() => 500))?.suspicion.severity, 'critical');
  });

  test('one that stands is not dropped for a dip below its threshold', () => {
    const watched = new Watched(container(512));
    const { charged } = watched.run(
      40,
      rss((i) => (i % 2 === 0 ? 415 : 400)),
    );
    assert.equal(charged.length, 40);
  });
});

describe('memory_limit: when it is over', () => {
  test('memory was freed: resolved', () => {
    const watched = new Watched(container(512));
    const { last } = watched.run(
      60,
      rss((i) => 200 + i),
    );
    assert.equal(
      watched.run(
        10,
        rss(() => 100),
      ).charged.length,
      0,
    );
    assert.equal(last?.whenGone(), 'resolved');
  });

  test('what lived in the heap was let go, though the process stays as large: resolved', () => {
    const limits = () => [{ ...heapLimit, bytes: 500 * mb }];
    const watched = new Watched(limits);
    const { last } = watched.run(60, (i) => ({ heapFloorBytes: (50 + 2 * i) * mb, rssBytes: 300 * mb }));
    assert.ok(last !== undefined);
    const after = watched.run(120, () => ({ heapFloorBytes: 55 * mb, rssBytes: 300 * mb }));
    assert.ok(after.charged.length < 120);
    assert.equal((after.last ?? last).whenGone(), 'resolved');
  });

  test('it levels off after all: retracted', () => {
    const watched = new Watched(container(512));
    const { last } = watched.run(
      60,
      rss((i) => 200 + i),
    );
    const { charged } = watched.run(
      120,
      rss(() => 260),
    );
    assert.ok(charged.length < 60, `stood for ${charged.length} min`);
    assert.equal(last?.whenGone(), 'retracted');
  });
});
