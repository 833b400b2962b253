/** Stands for code in `node_modules`: tests that pass `isApp: isNotLibrary` have it owned by a library. */
export const isNotLibrary = (file: string): boolean => !file.endsWith('/library-code.ts');

export async function consumeFirst<T>(generator: AsyncGenerator<T>): Promise<T | undefined> {
  return (await generator.next()).value as T | undefined;
}
