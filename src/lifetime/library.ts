/** The package that a file belongs to when it lies in `node_modules`, else `''`: `pg`, `@redis/client`. */
export function libraryOf(file: string): string {
  const at = file.lastIndexOf('node_modules/');
  if (at < 0) return '';
  const [scopeOrName = '', name = ''] = file.slice(at + 'node_modules/'.length).split('/');
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}
