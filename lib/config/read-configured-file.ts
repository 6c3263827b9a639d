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
