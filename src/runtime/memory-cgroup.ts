import type { ReadText } from './process-files.ts';

/** What the kernel's control group says of this process's memory. `undefined` where there is none, or no limit. */
export interface CgroupMemory {
  limitBytes(): number | undefined;
  /** Processes of the group that the kernel has killed for want of memory. */
  oomKills(): number | undefined;
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
    limitBytes() {
      // of the group and all its ancestors, the kernel has worked it out already
      const inherited = fieldOf(read(`${dir}/memory.stat`), 'hierarchical_memory_limit');
      return limited(inherited ?? numberOf(read(`${dir}/memory.limit_in_bytes`)));
    },
    oomKills: () => fieldOf(read(`${dir}/memory.oom_control`), 'oom_kill'),
    pressureText: () => undefined,
  };
}

function versionTwo(dirs: readonly string[], read: ReadText): CgroupMemory {
  const [own = ''] = dirs;
  return {
    limitBytes() {
      const limits = dirs.flatMap((dir) => limited(numberOf(read(`${dir}/memory.max`))) ?? []);
      return limits.length === 0 ? undefined : Math.min(...limits);
    },
    oomKills: () => fieldOf(read(`${own}/memory.events`), 'oom_kill'),
    pressureText: () => read(`${own}/memory.pressure`),
  };
}

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
