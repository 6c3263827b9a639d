import { readWorkerConfig } from '#lib/config/config.ts'
import { ConfigurationError } from '#lib/config/environment.ts'
import { startWorker } from './start-worker.ts'

/** The worker: finishes what was begun, ends what is due, repairs drift. Any number of them run side by side. */
let worker: Awaited<ReturnType<typeof startWorker>> | undefined
try {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      // While it waits for Postgres, it has begun nothing.
      if (!worker) process.exit(0)
      worker.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
  const started = await startWorker(readWorkerConfig())
  worker = started
  // graphile-worker doesn't await what it writes about a finished job. If Postgres goes away in that moment, the worker
  // must survive it; the job's space is checked again (schedules.ts).
  process.on('unhandledRejection', (error) => started.log.error({ error }, 'unhandled rejection'))
} catch (error) {
  console.error(error instanceof ConfigurationError ? error.message : error)
  process.exit(1)
}
