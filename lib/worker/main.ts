import { readWorkerConfig } from '../config/config.ts'
import { ConfigurationError } from '../config/environment.ts'
import { startWorker } from './start-worker.ts'

/** The worker: finishes what was begun, ends what has an end, puts back what drifted. Any number of them side by side. */
try {
  const worker = await startWorker(readWorkerConfig())
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
