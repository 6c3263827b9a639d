import { delimiter, join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'

/**
 * Builds the Go programs beside this file.
 * @returns the binary's path
 * @throws Error without Go: a bench without its reference is meaningless
 */
export async function buildReference(dir: string): Promise<string> {
  const binary = join(dir, 'reference')
  const beside = '/usr/local/go/bin'
  const { status, output } = await runCaptured('go', ['build', '-o', binary, '.'], {
    cwd: import.meta.dirname,
    env: { GOFLAGS: '-trimpath', PATH: [process.env.PATH, beside].filter(Boolean).join(delimiter) },
  })
  if (status === 127) throw new Error('The references need Go (https://go.dev/dl/).')
  if (status !== 0) throw new Error(`The references could not be built:\n${output.trim()}`)
  return binary
}
