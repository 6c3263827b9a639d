import { randomUUID } from 'node:crypto'
import { forgetClaims } from '#lib/features/offboarding/db/departing-user.ts'
import { insertOffboarding } from '#lib/features/offboarding/db/offboardings.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { Leaver } from '#lib/kernel/db/people/find-departing-user.ts'
import type { Ended } from '#lib/kernel/model/people/offboarding.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { shutOut } from '#lib/kernel/use-case/cut-off-person.ts'
import type { Passing } from './decide-spaces.ts'
import { tellLeftBehind } from './notify-remaining-access.ts'
import { leaveEverything } from './remove-all-access.ts'
import { passOnSpaces } from './transfer-spaces.ts'

type Act = { reason: string; decide: (spaceId: string) => Passing; actId: string }

/**
 * Closes one account for good, in the transaction of the act, with its row held: it is shut out, and what it owns, was
 * given, offered or asked for passes on or ends.
 * @returns what ended, and what the trail says of it
 */
export async function closeAccount(ctx: BrokerContext, tx: Tx, leaver: Leaver, { reason, decide, actId }: Act) {
  const { sessions, credentials, spaces, tokens } = await shutOut(ctx, tx, leaver, reason)
  const passed = await passOnSpaces(ctx, tx, leaver, { decide, reason })
  const left = await leaveEverything(ctx, tx, leaver)
  const leftBehind = await tellLeftBehind(ctx, tx, leaver)
  await forgetClaims(tx, leaver.id)
  const ended: Ended = { sessions, credentials, ...left, ...passed }
  const offboarding = randomUUID()
  await insertOffboarding(tx, {
    ...{ id: offboarding, actId, personId: leaver.id, byId: ctx.actor.userId },
    ...{ reason, at: ctx.clock(), ended, spacesHeld: spaces, clusters: ctx.clusters.names },
  })
  const detail = { offboarding, ...ended, leftBehind, ...(tokens.length > 0 && { tokensStopped: tokens }) }
  return { leaver, ended, detail }
}
