import { readFileSync } from 'node:fs'
import { notUsable, type VariableName } from './environment.ts'

/**
 * Reads the file of a variable.
 * @throws ConfigurationError that names the variable and why the file could not be read
 */
export function readConfiguredFile(name: VariableName, path: string): string {
  try {
    return readFileSync(/*turbopackIgnore: true*/ path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw notUsable(name, code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`)
  }
}

/**
 * Reads the file of a variable at once and at each call, because it may be replaced at run time.
 * @param check throws when the text is not usable
 * @param onProblem called when the file becomes unusable; its previous text stays in use
 * @returns a function that reads it
 * @throws ConfigurationError when it is unusable at the start
 */
export function followConfiguredFile(
  name: VariableName,
  path: string,
  check: (text: string) => void,
  onProblem: (error: unknown) => void,
): () => string {
  let last = readConfiguredFile(name, path)
  try {
    check(last)
  } catch (error) {
    throw notUsable(name, `${path} can’t be used (${error instanceof Error ? error.message : error})`)
  }
  return () => {
    try {
      const text = readFileSync(/*turbopackIgnore: true*/ path, 'utf8')
      check(text)
      last = text
    } catch (error) {
      onProblem(error)
    }
    return last
  }
}
