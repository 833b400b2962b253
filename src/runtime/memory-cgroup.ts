import type { ReadText } from './process-files.ts';

/** A limit of a group, and what counts against it: of all its processes, without the file cache that it can drop at once. */
export interface CgroupLimit {
  readonly bytes: number;
  readonly usedBytes: number;
}

/** How often the kernel has done something about a group's memory, as running totals. */
export interface CgroupEvents {
  /** Throttled and reclaimed for `memory.high` (v2); came up against the limit; killed a process. */
  readonly high: number;
  readonly max: number;
  readonly oomKills: number;
}

/** What the kernel's control group says of this process's memory. `undefined` where there is none, or no limit. */
export interface CgroupMemory {
  /** Of the group and its ancestors, the one with the least room. */
  limit(): CgroupLimit | undefined;
  events(): CgroupEvents | undefined;
  /** Text of the group's own pressure file. */
  pressureText(): string | undefined;
}

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly version: 1 | 2;
}

/** cgroup v1 writes "no limit" as the largest page-aligned integer, 2^63 less a page. */
const unlimitedBytes = 2 ** 60;

/** Finds the group of this process, by `/proc/self/cgroup` and the mounts; reads no other group's figures but its ancestors' limits. */
export function cgroupMemory(read: ReadText): CgroupMemory | undefined {
  const mounts = (read('/proc/self/mountinfo') ?? '').split('\n').flatMap(mountOf);
  const groups = (read('/proc/self/cgroup') ?? '').split('\n');
  const v1 = groupDirs(
    mounts,
    1,
    pathOf(groups, (controllers) => controllers.split(',').includes('memory')),
  );
  const inV1 = v1.find((dir) => read(`${dir}/memory.limit_in_bytes`) !== undefined);
  if (inV1 !== undefined) return versionOne(inV1, read);
  const v2 = groupDirs(
    mounts,
    2,
    pathOf(groups, (controllers) => controllers === ''),
  );
  const inV2 = v2.findIndex((dir) => read(`${dir}/memory.stat`) !== undefined);
  return inV2 < 0 ? undefined : versionTwo(v2.slice(inV2), read);
}

/** `36 35 98:0 /root /mount/point rw,… - type source options`, of type cgroup2 or cgroup with the memory controller. */
function mountOf(line: string): Mount[] {
  const [left, right] = line.split(' - ');
  const [, , , root, point] = left?.split(' ') ?? [];
  const [type, , options] = right?.split(' ') ?? [];
  if (root === undefined || point === undefined) return [];
  if (type === 'cgroup2') return [{ root, point, version: 2 }];
  return type === 'cgroup' && options?.split(',').includes('memory') === true ? [{ root, point, version: 1 }] : [];
}

/** `4:memory:/path` (v1), `0::/path` (v2). */
function pathOf(lines: readonly string[], wanted: (controllers: string) => boolean): string | undefined {
  for (const line of lines) {
    const [, controllers, ...path] = line.split(':');
    if (controllers !== undefined && path.length > 0 && wanted(controllers)) return path.join(':');
  }
  return undefined;
}

/**
 * The directories of the group and its ancestors, nearest first. In a container without a cgroup namespace the path is
 * the host's while the mount shows the container's own group at its top: that one is the last that is tried.
 */
function groupDirs(mounts: readonly Mount[], version: 1 | 2, path: string | undefined): string[] {
  const mount = mounts.find((candidate) => candidate.version === version);
  if (mount === undefined || path === undefined) return [];
  const inside = mount.root !== '/' && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  const parts = inside.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, up) =>
    [mount.point, ...parts.slice(0, parts.length - up)].join('/'),
  );
}

function versionOne(dir: string, read: ReadText): CgroupMemory {
  return {
    limit() {
      const stat = read(`${dir}/memory.stat`);
      // of the group and all its ancestors, the kernel has worked it out already
      const inherited = fieldOf(stat, 'hierarchical_memory_limit');
      const bytes = limited(inherited ?? numberOf(read(`${dir}/memory.limit_in_bytes`)));
      if (bytes === undefined) return undefined;
      return {
        bytes,
        usedBytes: workingSet(read(`${dir}/memory.usage_in_bytes`), fieldOf(stat, 'total_inactive_file')),
      };
    },
    events() {
      const oomKills = fieldOf(read(`${dir}/memory.oom_control`), 'oom_kill');
      return oomKills === undefined
        ? undefined
        : { high: 0, max: numberOf(read(`${dir}/memory.failcnt`)) ?? 0, oomKills };
    },
    pressureText: () => undefined,
  };
}

function versionTwo(dirs: readonly string[], read: ReadText): CgroupMemory {
  const [own = ''] = dirs;
  return {
    limit() {
      const limits = dirs.flatMap((dir) => limitOf(dir, read));
      return limits.toSorted((a, b) => a.bytes - a.usedBytes - (b.bytes - b.usedBytes))[0];
    },
    events() {
      const text = read(`${own}/memory.events`);
      if (text === undefined) return undefined;
      const of = (field: string): number => fieldOf(text, field) ?? 0;
      return { high: of('high'), max: of('max'), oomKills: of('oom_kill') };
    },
    pressureText: () => read(`${own}/memory.pressure`),
  };
}

function limitOf(dir: string, read: ReadText): CgroupLimit[] {
  const bytes = limited(numberOf(read(`${dir}/memory.max`)));
  if (bytes === undefined) return [];
  const inactiveBytes = fieldOf(read(`${dir}/memory.stat`), 'inactive_file');
  return [{ bytes, usedBytes: workingSet(read(`${dir}/memory.current`), inactiveBytes) }];
}

/** As Kubernetes counts it before it evicts: file cache that was not used lately is given back at need. */
const workingSet = (usage: string | undefined, inactiveFileBytes: number | undefined): number =>
  Math.max(0, (numberOf(usage) ?? 0) - (inactiveFileBytes ?? 0));

const numberOf = (text: string | undefined): number | undefined => {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isFinite(value) ? value : undefined;
};

const limited = (bytes: number | undefined): number | undefined =>
  bytes !== undefined && bytes > 0 && bytes < unlimitedBytes ? bytes : undefined;

/** The number after a word at the start of a line. */
const fieldOf = (text: string | undefined, field: string): number | undefined =>
  numberOf(
    text
      ?.split('\n')
      .find((line) => line.startsWith(`${field} `))
      ?.slice(field.length + 1),
  );
