import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { watchOver } from '#dev/process/reaper.ts'

/** A generator's result, and the server's readings right before and right after. */
export type GeneratorRun<Reading> = { report: unknown; before: Reading; after: Reading }

/**
 * Runs one of the generators in reference/: it opens its connections, warms up, waits for the first reading of the
 * server, generates load, and keeps its connections open until the second reading (reference/readings.go).
 * @param read takes a reading of the server
 * @throws Error with the generator’s own message
 */
export async function runGenerator<Reading>(
  binary: string,
  args: readonly string[],
  read: () => Reading,
): Promise<GeneratorRun<Reading>> {
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const release = child.pid === undefined ? undefined : watchOver(child.pid)
  const ended = new Promise<void>((resolve) => {
    child.on('close', resolve)
    child.on('error', resolve)
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done !== true) return value
    await ended
    throw new Error(`${args[0]}: ${said.trim() || 'ended without a message'}`)
  }
  try {
    await next()
    const before = read()
    child.stdin.write('\n')
    const line = await next()
    return { report: JSON.parse(line), before, after: read() }
  } finally {
    child.stdin.end()
    await ended
    release?.()
  }
}
