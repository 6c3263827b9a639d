import { readWorkerConfig } from '#lib/config/config.ts'
import { ConfigurationError } from '#lib/config/environment.ts'
import { startWorker } from './start-worker.ts'

/** The worker: finishes what was begun, ends what has an end, puts back what drifted. Any number of them side by side. */
try {
  const worker = await startWorker(readWorkerConfig())
  // graphile-worker does not wait for what it writes of a job that is done: when Postgres goes away just then, that
  // must not be the worker's end. The job's space is looked at again (schedules.ts).
  process.on('unhandledRejection', (error) => worker.log.error({ error }, 'something failed that nobody waited for'))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      worker.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
} catch (error) {
  console.error(error instanceof ConfigurationError ? error.message : error)
  process.exit(1)
}
