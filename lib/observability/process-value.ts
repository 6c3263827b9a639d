/**
 * One value per process. Next loads a module more than once (pages, route handlers, actions), so a module's variable
 * would exist several times; what must exist once is kept on the global object under a name of ours.
 */
export function processValue<T>(name: string, make: () => T): T {
  const holder = globalThis as { [key: symbol]: T | undefined }
  const key = Symbol.for(`spaceport.${name}`)
  const value = holder[key] ?? make()
  holder[key] = value
  return value
}
