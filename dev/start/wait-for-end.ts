export type End = {
  /** Aborted as soon as the end is reached. */
  signal: AbortSignal
  /** Resolves with undefined when somebody asked to stop, or with the reason when something broke. */
  reached: Promise<string | undefined>
  /** Something broke. Only the first reason counts: the rest follows from it. */
  crash: (reason: string) => void
}

/**
 * Waits for Ctrl-C, SIGTERM, a closed terminal, a crash, or the end of the process that started this one (a killed
 * `npm start` must not leave everything running). Further signals are ignored: stopping has begun by then.
 */
export function waitForEnd(): End {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const end = (reason: string | undefined) => {
    resolve(reason)
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(undefined))
  // A terminal that is gone can't be written to; that is no reason to leave things running.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => end(undefined))

  const runner = Number(process.env.SPACEPORT_RUNNER_PID)
  if (runner === process.ppid) {
    setInterval(() => {
      if (process.ppid !== runner) end(undefined)
    }, 1_000).unref()
  }
  return { signal: controller.signal, reached: promise, crash: end }
}
