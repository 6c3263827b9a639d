import { randomUUID } from 'node:crypto'
import { AccountConflict, decideAccount, type FoundAccount } from '#lib/auth/model/decide-account.ts'
import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { countedClaims, holdPushedGroups } from '#lib/kernel/db/people/counted-claims.ts'
import { endRefusedPerson, type RefusedPerson } from '#lib/kernel/db/people/end-refused-person.ts'
import { replaceGroups } from '#lib/kernel/db/people/group-members.ts'
import { enqueueReconcileForPerson } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { greaterPlatformRole, type PlatformRole } from '#lib/kernel/model/access/role.ts'
import type { SignInRefusal } from '#lib/kernel/model/people/sign-in-limit.ts'
import { type Admission, refusalOf } from './admission.ts'
import { findSigningIn, type SigningIn, type SigningInAccount } from './find-signing-in.ts'
import { hasMadeToken, holdsNothing, isProvisioned, joinAccounts } from './join-accounts.ts'
import { decideNamedRole, type NamedRole } from './named-role.ts'

/** How a sign-in changed the way its account is identified. `joined`: the handle of the account that it replaced. */
export type IdentityChange = { claim?: { before: string; after: string }; joined?: string }

type PersonRecord = { id: string; handle: string; name: string; email: string; deactivatedAt: Date | null }
/**
 * `identityChange`: null for a new person, or one identified as before. `refused`: what ended because the operator's
 * limits refuse the person.
 */
export type SavedPerson = PersonRecord & {
  identityChange: IdentityChange | null
  refused?: RefusedPerson
  named?: NamedRole
}

/** The operator's limits refuse a person without an account, so none is created. */
export class StrangerRefused extends Error {
  readonly refusal: SignInRefusal

  constructor(refusal: SignInRefusal) {
    super(refusal)
    this.name = 'StrangerRefused'
    this.refusal = refusal
  }
}

export type PersonAtSignIn = {
  issuer: string
  /** The value of the claim that identifies people. */
  subject: string
  /** That claim, and the `sub` of the ID token. Default: the claim is `sub`. */
  subjectClaim?: string
  sub?: string
  name: string
  email: string
  emailUnverified: boolean
  groups: readonly string[]
  /** Entries in the groups claim that aren't valid group names, to show to the person. */
  leftOut: readonly string[]
  platformRoleOf: (groups: readonly string[]) => PlatformRole
  listed: readonly string[]
  admission?: Admission
  at: Date
}

const attempts = 5

/**
 * Creates or updates a person and replaces their groups; queues spaces in which a joined or left group has a role. A
 * deactivated person stays unchanged. A person refused by the operator's limits loses their sessions and credentials.
 * From now on, the configured claim identifies the person.
 * @param nextHandle a fresh handle; called again if one is taken (handles are never reused: rows are never removed)
 * @param along runs in the same transaction; if it throws, nothing is saved
 * @throws StrangerRefused; AccountConflict if several accounts match
 */
export async function savePerson(
  db: Db,
  person: PersonAtSignIn,
  nextHandle: () => string,
  along: (tx: Tx, saved: SavedPerson) => Promise<unknown>,
): Promise<SavedPerson> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.$transaction(async (tx) => {
        const saved = await save(tx, person, nextHandle())
        await along(tx, saved)
        return saved
      })
    } catch (error) {
      // The handle is taken, or the same person signed in twice at once: the next attempt finds them.
      const collided = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
      if (!collided || attempt === attempts) throw error
    }
  }
}

async function save(tx: Tx, person: PersonAtSignIn, handle: string): Promise<SavedPerson> {
  const { issuer, subject, name, email, emailUnverified, leftOut, admission, at } = person
  const signingIn = { issuer, subject, subjectClaim: person.subjectClaim ?? 'sub', sub: person.sub ?? subject }
  const select = { id: true, handle: true, name: true, email: true, deactivatedAt: true }
  const mayHaveRole = person.platformRoleOf(person.groups) !== 'member'
  if (mayHaveRole) await holdPushedGroups(tx, 'as they are')
  const { known, changeIdentity } = await identify(tx, signingIn, at)
  const asIs = async (id: string) => ({
    ...(await tx.user.findUniqueOrThrow({ where: { id }, select })),
    identityChange: null,
  })
  if (known?.deactivated) return asIs(known.id)
  const refusal = admission && (await refusalOf(tx, known?.id ?? null, person, admission))
  if (refusal && !known) throw new StrangerRefused(refusal)
  if (refusal && known) {
    const refused = await endRefusedPerson(tx, known, refusal, at)
    return { ...(await asIs(known.id)), refused }
  }
  const identityChange = await changeIdentity()
  const byName = admission && known ? await decideNamedRole(tx, known.id, issuer, admission.named) : undefined
  const counted = mayHaveRole ? await countedClaims(tx, known?.id ?? null, issuer, person.groups, person.listed) : []
  const current = {
    name,
    email,
    emailUnverified,
    platformRole: greaterPlatformRole(person.platformRoleOf(counted), byName?.role ?? 'member'),
    namedRole: byName?.role ?? 'member',
    leftOutGroups: [...leftOut],
    lastSignInAt: at,
    groupsVerifiedAt: at,
    groupsSuspendedAt: null,
    neverSignedIn: false,
    subjectClaim: signingIn.subjectClaim,
    oidcSub: signingIn.subjectClaim === 'sub' ? null : signingIn.sub,
  }
  // Updating a key column, even to the same value, blocks concurrent grants to this person.
  const spelled = known && (known.issuer !== issuer || known.subject !== subject) ? { issuer, subject } : {}
  const saved = known
    ? await tx.user.update({ where: { id: known.id }, data: { ...current, ...spelled }, select })
    : await tx.user.create({
        data: { id: randomUUID(), issuer, subject, handle, createdAt: at, ...current },
        select,
      })
  // Their ServiceAccounts on clusters carry their identity, so that a lost database can be rebuilt.
  if (identityChange) await enqueueReconcileForPerson(tx, saved.id, at)
  await replaceGroups(tx, saved.id, issuer, person.groups, known?.wasSuspended ?? false)
  if (!admission) return { ...saved, identityChange }
  if (byName) return { ...saved, identityChange, named: byName }
  // An address names an account, so a new one must exist first.
  const named = await decideNamedRole(tx, saved.id, issuer, admission.named)
  if (named.role !== 'member')
    await tx.user.update({
      where: { id: saved.id },
      data: { namedRole: named.role, platformRole: greaterPlatformRole(current.platformRole, named.role) },
      select: { id: true },
    })
  return { ...saved, identityChange, named }
}

type Identified = { known: SigningInAccount | undefined; changeIdentity: () => Promise<IdentityChange | null> }

/**
 * @returns the account that signs in (undefined: there is none yet), and a function that stores how it is identified
 *   from now on
 */
async function identify(tx: Tx, signingIn: SigningIn, at: Date): Promise<Identified> {
  const found = await findSigningIn(tx, signingIn)
  const { subjectClaim: claim } = signingIn
  const decision = decideAccount(found, claim)
  const by = (id: string, changeIdentity: Identified['changeIdentity'] = async () => null): Identified => ({
    known: found.find((account) => account.id === id),
    changeIdentity,
  })
  switch (decision.kind) {
    case 'create':
      return { known: undefined, changeIdentity: async () => null }
    case 'use':
    case 'deactivated':
      return by(decision.id)
    case 'change-claim':
      return by(decision.id, async () => ({ claim: { before: decision.before, after: claim } }))
    case 'join':
      return by(decision.keep.id, () => join(tx, decision, claim, at))
    case 'conflict':
      throw new AccountConflict(decision.handles)
  }
}

/** @throws AccountConflict if the account to retire holds anything */
async function join(
  tx: Tx,
  { keep, retire }: { keep: FoundAccount; retire: FoundAccount },
  claim: string,
  at: Date,
): Promise<IdentityChange> {
  const mayJoin =
    (await holdsNothing(tx, retire.id)) && !(await isProvisioned(tx, keep.id)) && !(await hasMadeToken(tx, keep.id))
  if (!mayJoin) throw new AccountConflict([keep.handle, retire.handle])
  await joinAccounts(tx, { keep, retire }, at)
  return { joined: retire.handle, ...(keep.claim !== claim && { claim: { before: keep.claim, after: claim } }) }
}
