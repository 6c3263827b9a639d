import { describeExit, type ManagedProcess, type ProcessOptions, startProcess } from '#dev/process/managed-process.ts'
import { waitUntilReady } from './wait-until-ready.ts'

/** A replaceable process of the stack: tests kill and restart it alone, without that counting as a crash. */
export type Service = {
  readonly name: string
  readonly logFile: string
  /** Of the current process, or the last one. */
  pid(): number
  isRunning(): boolean
  /** Kills it, which does not count as a crash. Resolves when it has ended, for signals that end it. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Stops it if it runs, starts it again, and waits until it is ready. */
  restart(env?: Record<string, string>): Promise<void>
  stop(): Promise<void>
  tail(lines?: number): string
}

export type ServiceOptions = Omit<ProcessOptions, 'onExit'> & {
  readyUrl: string
  /** PEM text. */
  readyCa?: string | undefined
  readyTimeoutMs?: number
  /** Aborts the start. */
  signal?: AbortSignal | undefined
  onCrash: (reason: string) => void
}

const endingSignals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGKILL', 'SIGHUP', 'SIGQUIT', 'SIGABRT']

/** Starts it and waits until it is ready. @throws Error with its last log lines */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, onCrash } = options
  let expected = false

  const launch = async (env: Record<string, string> = {}): Promise<ManagedProcess> => {
    expected = false
    let ready = false
    const started = await startProcess({
      ...options,
      env: { ...options.env, ...env },
      onExit: (exit) => {
        // Until it is ready, the code that waits for that reports its exit.
        if (ready && !expected) onCrash(`${name} ended with ${describeExit(exit)}:\n${started.tail()}`)
      },
    })
    try {
      await waitUntilReady(started, options.readyUrl, {
        ca: options.readyCa,
        timeoutMs: options.readyTimeoutMs ?? 60_000,
        signal: options.signal,
      })
    } catch (error) {
      await started.stop({ graceMs: 1_000 })
      throw error
    }
    ready = true
    return started
  }

  let current = await launch()
  return {
    name,
    logFile: options.logFile,
    pid: () => current.pid,
    isRunning: () => current.exit() === undefined,
    kill: async (signal = 'SIGKILL') => {
      if (endingSignals.includes(signal)) expected = true
      current.kill(signal)
      if (expected) await current.exited
    },
    restart: async (env) => {
      expected = true
      await current.stop()
      current = await launch(env)
    },
    stop: () => current.stop(),
    tail: (lines) => current.tail(lines),
  }
}
