/** Runs around each test file: the files of a worker share a process, so this undoes a file's changes to it. */
import { afterAll, vi } from 'vitest'

const env = { ...process.env }

afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
  // State in processValue, such as metrics: the next file starts like a new process.
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (key.description?.startsWith('spaceport.')) Reflect.deleteProperty(globalThis, key)
})
