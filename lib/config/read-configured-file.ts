import { readFileSync } from 'node:fs'
import { notUsable, type VariableName } from './environment.ts'

/**
 * Reads a file that a variable names.
 * @throws ConfigurationError naming the variable and why the file could not be read
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
 * Reads a file that a variable names, at once and at each call: it may be replaced while the process runs.
 * @param check throws when the text is not usable
 * @param onProblem called when the file can no longer be used; its previous text stays in use
 * @returns a function that reads it
 * @throws ConfigurationError when it can't be used at the start
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
