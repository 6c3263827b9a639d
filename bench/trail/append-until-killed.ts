/** Writes to the trail until it is killed, and prints the id of each acknowledged event. */
import { writeSync } from 'node:fs'
import { createPool } from '#lib/kernel/db/pool.ts'
import { createAuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { makeEvent } from './bench-event.ts'

const callers = 64

const pool = createPool(process.argv[2] ?? '', { process: 'gateway', max: 2, applicationName: 'bench-trail-killed' })
const writer = createAuditWriter(pool, { maxQueue: 10_000 })
await Promise.all(
  Array.from({ length: callers }, async () => {
    for (;;) {
      const event = makeEvent()
      await writer.append(event)
      writeSync(1, `${event.id}\n`)
    }
  }),
)
