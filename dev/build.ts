/** `npm run build`: the portal for production. The gateway and the worker run from their sources. */
import { buildWeb } from '#dev/build/build-web.ts'

const started = performance.now()
try {
  await buildWeb({ force: true })
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(0)} s. bin/spaceport web serves it.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
