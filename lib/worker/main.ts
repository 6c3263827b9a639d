import { readWorkerConfig } from '#lib/config/config.ts'
import { ConfigurationError } from '#lib/config/environment.ts'
import { startWorker } from './start-worker.ts'

/** The worker: resumes unfinished work, expires access, repairs drift. Any number can run at once. */
let worker: Awaited<ReturnType<typeof startWorker>> | undefined
try {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      if (!worker) process.exit(0)
      worker.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
  const started = await startWorker(readWorkerConfig())
  worker = started
  // graphile-worker doesn't await its writes about finished jobs. The worker must survive Postgres going away then; the
  // job's space is checked again (schedules.ts).
  process.on('unhandledRejection', (error) => started.log.error({ error }, 'unhandled rejection'))
} catch (error) {
  console.error(error instanceof ConfigurationError ? error.message : error)
  process.exit(1)
}
