/**
 * Settles accounts that a sign-in can't decide between (ADR 36). It must never give one person what another person
 * holds, so only an account that holds nothing can be retired.
 */

import { hasMadeToken, holdsNothing, isProvisioned, joinAccounts } from '#lib/auth/db/join-accounts.ts'
import { claimProvisioned, type IdentifiedAccount, lockByHandle, returnToSub } from '#lib/auth/db/operate-identity.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { enqueueReconcileForPerson } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'

/** The database as the owner of its tables. */
type Services = { db: Db; issuer: string; hostname: string; at: Date }

/** @throws Error with the reason if they can't be joined */
export const joinByOperator = (services: Services, keepHandle: string, retireHandle: string): Promise<void> =>
  inTransaction(services.db, async (tx) => {
    if (keepHandle === retireHandle) throw new Error('These are the same account.')
    // Always in the same order, to avoid deadlocks between two commands.
    const [one, two] = [keepHandle, retireHandle].sort()
    const accounts = [await lockAccount(tx, one ?? ''), await lockAccount(tx, two ?? '')]
    const keep = accounts.find(({ handle }) => handle === keepHandle)
    const retire = accounts.find(({ handle }) => handle === retireHandle)
    if (!keep || !retire) throw new Error('There is no such account.')
    if (keep.issuer !== retire.issuer) throw new Error('These accounts belong to different identity providers.')
    if (keep.deactivated) throw new Error(`${keepHandle} is deactivated. Reactivate it first, or keep the other one.`)
    if (!(await holdsNothing(tx, retire.id)))
      throw new Error(
        `${retireHandle} has spaces, roles, offers, requests, kubeconfigs or a part in a provisioning token. Remove or transfer them first.`,
      )
    const comesAlong = await isProvisioned(tx, retire.id)
    if (comesAlong && (await hasMadeToken(tx, keep.id)))
      throw new Error(
        `${keepHandle} has handled a provisioning token, so the provisioned user ${retireHandle} can’t be joined to it. Delete that user at the identity provider first.`,
      )
    if (comesAlong && (await isProvisioned(tx, keep.id)))
      throw new Error('Provisioning manages both accounts. Delete one of the two users at the identity provider first.')
    await joinAccounts(tx, { keep, retire }, services.at)
    await enqueueReconcileForPerson(tx, keep.id, services.at)
    await record(tx, services, keep, { action: 'person.join', detail: { joined: retireHandle } })
  })

/**
 * Lets the next sign-in with the same `sub` set the person's identifying claim.
 * @throws Error if there is nothing to release
 */
export const releaseByOperator = (services: Services, handle: string): Promise<void> =>
  inTransaction(services.db, async (tx) => {
    const account = await lockAccount(tx, handle)
    if (account.deactivated) throw new Error(`${handle} is deactivated.`)
    if (account.oidcSub === null)
      throw new Error(`${handle} is identified by ${account.claim}, and Spaceport has no sub for it.`)
    await returnToSub(tx, account.id)
    const claim = { before: account.claim, after: 'sub' }
    await record(tx, services, account, { action: 'person.change-claim', detail: { claim } })
  })

/** @returns how many provisioned people without a sign-in are identified by this claim from now on */
export const claimByOperator = (services: Services, claim: string): Promise<number> =>
  inTransaction(services.db, async (tx) => {
    const people = await claimProvisioned(tx, services.issuer, claim)
    if (people > 0)
      await record(tx, services, null, { action: 'person.change-claim', detail: { claim: { after: claim }, people } })
    return people
  })

async function lockAccount(tx: Tx, handle: string): Promise<IdentifiedAccount> {
  const account = await lockByHandle(tx, handle)
  if (!account) throw new Error(`No account has the handle ${handle}.`)
  return account
}

const record = (
  tx: Tx,
  { hostname, at }: Services,
  about: IdentifiedAccount | null,
  event: { action: 'person.join' | 'person.change-claim'; detail: Record<string, unknown> },
): Promise<unknown> =>
  writeEventInTx(tx, {
    ...event,
    at,
    actor: { kind: 'system', name: 'command' },
    target: about ? { kind: 'person', id: about.id, name: about.handle } : { kind: 'person' },
    observer: observerOf('command', hostname),
    destination: 'portal',
    outcome: 'ok',
  })
