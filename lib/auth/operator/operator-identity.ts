/**
 * What an operator does about accounts that a sign-in can't decide between (ADR 36). Must never give one person what another
 * was given: only an account that holds nothing gives way.
 */

import { hasMadeToken, holdsNothing, isProvisioned, joinAccounts } from '#lib/auth/db/join-accounts.ts'
import { claimProvisioned, holdByHandle, type IdentifiedAccount, returnToSub } from '#lib/auth/db/operate-identity.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { enqueueReconcileForPerson } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'

/** The database as the owner of its tables. */
type Services = { db: Db; issuer: string; hostname: string; at: Date }

/** @throws Error that says why they can't be joined */
export const joinByOperator = (services: Services, keepHandle: string, retireHandle: string): Promise<void> =>
  inTransaction(services.db, async (tx) => {
    if (keepHandle === retireHandle) throw new Error('These are the same account.')
    // In one order, so that two commands don't wait for each other.
    const [one, two] = [keepHandle, retireHandle].sort()
    const held = [await hold(tx, one ?? ''), await hold(tx, two ?? '')]
    const keep = held.find(({ handle }) => handle === keepHandle)
    const retire = held.find(({ handle }) => handle === retireHandle)
    if (!keep || !retire) throw new Error('There is no such account.')
    if (keep.issuer !== retire.issuer) throw new Error('They are at different identity providers.')
    if (keep.deactivated) throw new Error(`${keepHandle} is deactivated. Reactivate it first, or keep the other one.`)
    if (!(await holdsNothing(tx, retire.id)))
      throw new Error(
        `${retireHandle} has spaces, roles, offers, requests, kubeconfigs or a part in a provisioning token. Remove or hand over all of it first.`,
      )
    const comesAlong = await isProvisioned(tx, retire.id)
    if (comesAlong && (await hasMadeToken(tx, keep.id)))
      throw new Error(
        `${keepHandle} had a hand in a provisioning token, so what a token calls ${retireHandle} can’t become theirs. Delete that user at the identity provider first.`,
      )
    if (comesAlong && (await isProvisioned(tx, keep.id)))
      throw new Error('Provisioning manages both. Delete one of the two users at the identity provider first.')
    await joinAccounts(tx, { keep, retire }, services.at)
    await enqueueReconcileForPerson(tx, keep.id, services.at)
    await record(tx, services, keep, { action: 'person.join', detail: { joined: retireHandle } })
  })

/** Has the next sign-in with the same `sub` say who the person is. @throws Error if nothing can be released */
export const releaseByOperator = (services: Services, handle: string): Promise<void> =>
  inTransaction(services.db, async (tx) => {
    const account = await hold(tx, handle)
    if (account.deactivated) throw new Error(`${handle} is deactivated.`)
    if (account.oidcSub === null) throw new Error(`${handle} is known by ${account.claim}, and no sub is noted for it.`)
    await returnToSub(tx, account.id)
    const claim = { before: account.claim, after: 'sub' }
    await record(tx, services, account, { action: 'person.change-claim', detail: { claim } })
  })

/** @returns of how many provisioned people who have never signed in the subject counts as that claim from now on */
export const claimByOperator = (services: Services, claim: string): Promise<number> =>
  inTransaction(services.db, async (tx) => {
    const people = await claimProvisioned(tx, services.issuer, claim)
    if (people > 0)
      await record(tx, services, null, { action: 'person.change-claim', detail: { claim: { after: claim }, people } })
    return people
  })

async function hold(tx: Tx, handle: string): Promise<IdentifiedAccount> {
  const account = await holdByHandle(tx, handle)
  if (!account) throw new Error(`Nobody has the handle ${handle}.`)
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
