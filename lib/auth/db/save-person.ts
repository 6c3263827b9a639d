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

/** What a sign-in changed about how a person is found. `joined`: the handle of the account whose place theirs took. */
export type IdentityChange = { claim?: { before: string; after: string }; joined?: string }

type PersonRecord = { id: string; handle: string; name: string; email: string; deactivatedAt: Date | null }
/**
 * `identityChange`: null for a person who was found as before, or is new. `refused`: what ended, if the operator's limits
 * keep the person out.
 */
export type SavedPerson = PersonRecord & {
  identityChange: IdentityChange | null
  refused?: RefusedPerson
  named?: NamedRole
}

/** The operator's limits keep somebody out who has no account: none is made. */
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
  /** That claim, and the `sub` of the ID token. Left out: the claim is `sub`. */
  subjectClaim?: string
  sub?: string
  name: string
  email: string
  emailUnverified: boolean
  groups: readonly string[]
  /** What the provider sent as groups but cannot be a group's name, for the person to see. */
  leftOut: readonly string[]
  /** The platform role that groups give. */
  platformRoleOf: (groups: readonly string[]) => PlatformRole
  /** Groups that may be pushed though they give a platform role. */
  listed: readonly string[]
  /** What the operator says of people at their provider; left out: nothing. */
  admission?: Admission
  at: Date
}

const attempts = 5

/**
 * Creates or updates a person and replaces their groups; spaces in which a joined or left group has a role are queued.
 * A deactivated person is left as they are. One whom the operator's limits keep out loses what lets them in. A person who
 * was known by another claim is known by the configured one from now on.
 * @param nextHandle a fresh handle; called again when one is taken (handles are never reused: rows are never removed)
 * @param along what else the transaction does; if it throws, nothing is saved
 * @throws StrangerRefused; AccountConflict when several accounts could be theirs
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
      // Either the handle is taken, or the same person signed in twice at once: then the next attempt finds them.
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
  // Setting a key, even to what it was, keeps grants to this person waiting.
  const spelled = known && (known.issuer !== issuer || known.subject !== subject) ? { issuer, subject } : {}
  const saved = known
    ? await tx.user.update({ where: { id: known.id }, data: { ...current, ...spelled }, select })
    : await tx.user.create({
        data: { id: randomUUID(), issuer, subject, handle, createdAt: at, ...current },
        select,
      })
  // Their ServiceAccounts on clusters say who they are, for a database that has to be rebuilt.
  if (identityChange) await enqueueReconcileForPerson(tx, saved.id, at)
  await replaceGroups(tx, saved.id, issuer, person.groups, known?.wasSuspended ?? false)
  if (!admission) return { ...saved, identityChange }
  if (byName) return { ...saved, identityChange, named: byName }
  // An address names an account, so a new one has to be there first.
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

/** @returns the account that signs in (undefined: there is none yet), and what writes down how it is found from now on */
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

/** @throws AccountConflict if the one that gives way holds anything of its own */
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
