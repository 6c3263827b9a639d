import { readFileSync } from 'node:fs'
import { notUsable, type VariableName } from './environment.ts'

/**
 * Reads a file that a variable names.
 * @throws ConfigurationError that names the variable, and what kept the file from being read
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
 * Reads a file that a variable names, now and again whenever it is asked for: it may be replaced while the process runs.
 * @param check throws when the text is not what it should be
 * @param onProblem told when the file can't be used any more; what it held before goes on
 * @returns what reads it
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
    throw notUsable(name, `what ${path} holds is something else (${error instanceof Error ? error.message : error})`)
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
