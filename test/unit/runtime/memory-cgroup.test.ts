import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupMemory } from '../../../src/runtime/memory-cgroup.ts';
import { memoryPressureRatio } from '../../../src/runtime/memory-pressure.ts';
import { textFiles } from './text-files.ts';

const v2Mount = '30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw,nsdelegate\n';
const v1Mounts = [
  '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
  '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
  '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
].join('\n');
const pod = '/sys/fs/cgroup/kubepods/pod1/c1';

test('cgroup v2: the nearest limit of the group and its ancestors is the limit', () => {
  const files = textFiles({
    '/proc/self/mountinfo': v2Mount,
    '/proc/self/cgroup': '0::/kubepods/pod1/c1\n',
    [`${pod}/memory.stat`]: 'anon 1\n',
    [`${pod}/memory.max`]: 'max\n',
    '/sys/fs/cgroup/kubepods/pod1/memory.max': '536870912\n',
    '/sys/fs/cgroup/kubepods/memory.max': '8589934592\n',
    [`${pod}/memory.events`]: 'low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 0\n',
    [`${pod}/memory.pressure`]:
      'some avg10=12.50 avg60=1.00 avg300=0.10 total=99\nfull avg10=3.00 avg60=0 avg300=0 total=1\n',
    '/proc/pressure/memory': 'some avg10=50.00 avg60=0 avg300=0 total=0\n',
  });
  const cgroup = cgroupMemory(files.read);
  assert.equal(cgroup?.limit()?.bytes, 536_870_912);
  assert.equal(cgroup?.events()?.oomKills, 2);
  assert.equal(memoryPressureRatio(cgroup, files.read), 0.125);
});

test('cgroup v2: a container in a namespace of its own reads the mount itself', () => {
  const { read } = textFiles({
    '/proc/self/mountinfo': v2Mount,
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.stat': 'anon 1\n',
    '/sys/fs/cgroup/memory.max': '268435456\n',
    '/sys/fs/cgroup/memory.events': 'oom_kill 0\n',
  });
  assert.equal(cgroupMemory(read)?.limit()?.bytes, 268_435_456);
  assert.equal(cgroupMemory(read)?.events()?.oomKills, 0);
});

test('cgroup v2: a path of the host that the container cannot see falls back to the mount', () => {
  const { read } = textFiles({
    '/proc/self/mountinfo': '30 24 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n',
    '/proc/self/cgroup': '0::/docker/abc\n',
    '/sys/fs/cgroup/memory.stat': 'anon 1\n',
    '/sys/fs/cgroup/memory.max': '1073741824\n',
  });
  assert.equal(cgroupMemory(read)?.limit()?.bytes, 1_073_741_824);
});

test('cgroup v2: a limit that is changed while the process runs is read anew', () => {
  const files = textFiles({
    '/proc/self/mountinfo': v2Mount,
    '/proc/self/cgroup': '0::/a\n',
    '/sys/fs/cgroup/a/memory.stat': '',
    '/sys/fs/cgroup/a/memory.max': '1000\n',
  });
  const cgroup = cgroupMemory(files.read);
  assert.equal(cgroup?.limit()?.bytes, 1000);
  files.write('/sys/fs/cgroup/a/memory.max', '2000\n');
  assert.equal(cgroup?.limit()?.bytes, 2000);
});

test('cgroup v1: the hierarchical limit and the kills are read, beside a unified mount without memory', () => {
  const dir = '/sys/fs/cgroup/memory/app';
  const { read } = textFiles({
    '/proc/self/mountinfo': v1Mounts,
    '/proc/self/cgroup': '4:memory:/app\n1:cpu:/\n0::/\n',
    [`${dir}/memory.limit_in_bytes`]: '9223372036854771712\n',
    [`${dir}/memory.stat`]: 'cache 1\nhierarchical_memory_limit 402653184\ntotal_cache 1\n',
    [`${dir}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 7\n',
  });
  const cgroup = cgroupMemory(read);
  assert.equal(cgroup?.limit()?.bytes, 402_653_184);
  assert.equal(cgroup?.events()?.oomKills, 7);
});

test('cgroup v1: no limit is no limit, not 2^63', () => {
  const dir = '/sys/fs/cgroup/memory/app';
  const { read } = textFiles({
    '/proc/self/mountinfo': v1Mounts,
    '/proc/self/cgroup': '4:memory:/app\n',
    [`${dir}/memory.limit_in_bytes`]: '9223372036854771712\n',
  });
  assert.equal(cgroupMemory(read)?.limit()?.bytes, undefined);
});

test('no cgroup at all, or a broken one, is no error', () => {
  assert.equal(cgroupMemory(textFiles({}).read), undefined);
  const { read } = textFiles({ '/proc/self/mountinfo': 'x\n - \n', '/proc/self/cgroup': ':\n0::\nnonsense' });
  assert.equal(cgroupMemory(read), undefined);
  assert.equal(memoryPressureRatio(undefined, read), undefined);
});

test('pressure is that of the host where the group counts none', () => {
  const { read } = textFiles({ '/proc/pressure/memory': 'some avg10=4.20 avg60=0.00 avg300=0.00 total=1\n' });
  assert.equal(memoryPressureRatio(undefined, read)?.toFixed(3), '0.042');
});

test('cgroup v2: of several limits the one with the least room counts, its file cache left out', () => {
  const { read } = textFiles({
    '/proc/self/mountinfo': v2Mount,
    '/proc/self/cgroup': '0::/kubepods/pod1/c1\n',
    [`${pod}/memory.stat`]: 'anon 1\ninactive_file 100\n',
    [`${pod}/memory.max`]: '1000\n',
    [`${pod}/memory.current`]: '700\n',
    '/sys/fs/cgroup/kubepods/pod1/memory.max': '2000\n',
    '/sys/fs/cgroup/kubepods/pod1/memory.current': '1900\n',
    [`${pod}/memory.events`]: 'low 0\nhigh 4\nmax 9\noom 3\noom_kill 2\n',
  });
  assert.deepEqual(cgroupMemory(read)?.limit(), { bytes: 2000, usedBytes: 1900 });
  assert.deepEqual(cgroupMemory(read)?.events(), { high: 4, max: 9, oomKills: 2 });
});

test('cgroup v1: what is used is without the file cache that can be dropped, and failures to charge are counted', () => {
  const dir = '/sys/fs/cgroup/memory/app';
  const { read } = textFiles({
    '/proc/self/mountinfo': v1Mounts,
    '/proc/self/cgroup': '4:memory:/app\n',
    [`${dir}/memory.limit_in_bytes`]: '1000\n',
    [`${dir}/memory.usage_in_bytes`]: '800\n',
    [`${dir}/memory.failcnt`]: '5\n',
    [`${dir}/memory.stat`]: 'hierarchical_memory_limit 1000\ntotal_inactive_file 300\n',
    [`${dir}/memory.oom_control`]: 'oom_kill 1\n',
  });
  assert.deepEqual(cgroupMemory(read)?.limit(), { bytes: 1000, usedBytes: 500 });
  assert.deepEqual(cgroupMemory(read)?.events(), { high: 0, max: 5, oomKills: 1 });
});
