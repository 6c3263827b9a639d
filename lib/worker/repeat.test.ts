import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '#lib/observability/logger.ts'
import { repeat } from './repeat.ts'

test('repeated failures are not logged each time; after a success, the next failure is', async () => {
  const said: unknown[] = []
  const log = Object.assign(Object.create(createLogger('test', 'fatal')), {
    warn: (about: unknown) => said.push(about),
  })
  const stopped = new AbortController()
  let runs = 0
  const run = async () => {
    runs++
    if (runs === 30) return
    if (runs === 40) stopped.abort()
    throw new Error('away')
  }
  // They are silent for a second at first: the clock is stopped, because the machine may stall.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  onTestFinished(() => clock.mockRestore())
  await repeat({ log }, { name: 'a test', everyMs: 1, firstMs: 0 }, run, { signal: stopped.signal, about: {} })
  expect(said).toMatchObject([{ failures: 1 }, { failures: 1 }])
})
