export type End = {
  /** Aborted as soon as the end is reached. */
  signal: AbortSignal
  /** Resolves with undefined on a request to stop, or with the reason for a failure. */
  reached: Promise<string | undefined>
  /** Reports a failure. Only the first reason counts, because it causes the rest. */
  crash: (reason: string) => void
}

/**
 * Waits for Ctrl-C, SIGTERM, a closed terminal, a crash, or the end of the process that started this one (a killed `npm
 * start` must not leave everything running). Further signals are ignored, because stopping has begun.
 */
export function waitForEnd(): End {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const end = (reason: string | undefined) => {
    resolve(reason)
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(undefined))
  // A closed terminal can't be written to; stop everything anyway.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => end(undefined))

  const runner = Number(process.env.SPACEPORT_RUNNER_PID)
  if (runner === process.ppid) {
    setInterval(() => {
      if (process.ppid !== runner) end(undefined)
    }, 1_000).unref()
  }
  return { signal: controller.signal, reached: promise, crash: end }
}
