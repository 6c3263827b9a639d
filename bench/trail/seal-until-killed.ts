/** Seals the trail as the worker does, in a process of its own, until it is killed. */
import { setTimeout as delay } from 'node:timers/promises'
import { sealTrail } from '#lib/features/audit/db/chain/sealing.ts'
import { createPool } from '#lib/kernel/db/pool.ts'

const rows = 10_000

const pool = createPool(process.argv[2] ?? '', { process: 'worker', max: 1, applicationName: 'bench-trail-sealer' })
for (;;) {
  while ((await sealTrail(pool, rows)) === rows);
  await delay(500)
}
