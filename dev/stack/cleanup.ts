type Stage = 'services' | 'infrastructure'

/** The started parts, to stop them at any time, in the right order, and only once. */
export type Cleanup = {
  /** Registers how to stop something; if the stop has already begun, stops it at once and throws. */
  add: (stage: Stage, stop: () => Promise<void>) => Promise<void>
  throwIfStopping: () => void
  /**
   * Stops services first, in parallel, then their dependencies. A failure to stop one does not keep the others running.
   */
  run: () => Promise<void>
}

export class StoppedWhileStarting extends Error {
  override readonly name = 'StoppedWhileStarting'
}

/** @returns an empty list of things to stop */
export function createCleanup(): Cleanup {
  const stops: Record<Stage, (() => Promise<void>)[]> = { services: [], infrastructure: [] }
  let running: Promise<void> | undefined

  const throwIfStopping = () => {
    if (running !== undefined) throw new StoppedWhileStarting('Stopped while starting.')
  }
  const runAll = async () => {
    const failures: unknown[] = []
    for (const stage of ['services', 'infrastructure'] as const) {
      const results = await Promise.allSettled(stops[stage].splice(0).map((stop) => stop()))
      failures.push(...results.filter((result) => result.status === 'rejected').map((result) => result.reason))
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'))
  }
  return {
    add: async (stage, stop) => {
      if (running !== undefined) await stop()
      throwIfStopping()
      stops[stage].push(stop)
    },
    throwIfStopping,
    run: () => {
      running ??= runAll()
      return running
    },
  }
}
