/**
 * Keeps one value per process. Next loads a module several times (pages, route handlers, actions), so module variables
 * exist several times. Values that must exist once are kept on the global object under our own name.
 */
export function processValue<T>(name: string, make: () => T): T {
  const holder = globalThis as { [key: symbol]: T | undefined }
  const key = Symbol.for(`spaceport.${name}`)
  const value = holder[key] ?? make()
  holder[key] = value
  return value
}
