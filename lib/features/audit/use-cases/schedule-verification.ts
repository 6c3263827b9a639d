import { randomUUID } from 'node:crypto'
import { scheduleTrailCheck } from '#lib/features/audit/db/chain/trail-checks.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** 03:00 UTC, when few people wait for the database. */
const atMs = 3 * 3_600_000

/** Starts a verification of the whole trail once a night, or later if no worker ran then. */
export async function scheduleVerification(ctx: SystemContext): Promise<void> {
  const now = ctx.clock().getTime()
  const lastNight = new Date(Math.floor((now - atMs) / dayMs) * dayMs + atMs)
  await scheduleTrailCheck(ctx.pool, randomUUID(), lastNight)
}
