/** A path with `/` between its folders, as V8 and the source maps of all systems write it. */
export function slashed(file: string): string {
  const forward = file.includes('\\') ? file.replaceAll('\\', '/') : file;
  return /^\/[A-Za-z]:\//.test(forward) ? forward.slice(1) : forward;
}
