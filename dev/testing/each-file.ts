/** Around each file of tests: the files of a worker share a process, so what one changes of it holds for that file alone. */
import { afterAll, vi } from 'vitest'

const env = { ...process.env }

afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
  // What processValue keeps, such as metrics: the next file begins as another process would.
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (key.description?.startsWith('spaceport.')) Reflect.deleteProperty(globalThis, key)
})
