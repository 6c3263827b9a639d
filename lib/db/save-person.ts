import { randomUUID } from 'node:crypto'
import { bareIssuer } from '#lib/domain/bare-issuer.ts'
import { greaterPlatformRole, type PlatformRole } from '#lib/domain/role.ts'
import type { SignInRefusal } from '#lib/domain/sign-in-limit.ts'
import { type Admission, refusalOf } from './admission.ts'
import { type Db, Prisma, type Tx } from './client.ts'
import { countedClaims, holdPushedGroups } from './counted-claims.ts'
import { endRefusedPerson, type RefusedPerson } from './end-refused-person.ts'
import { isPausedSql } from './group-member-sql.ts'
import { decideNamedRole, type NamedRole } from './named-role.ts'
import { replaceGroups } from './replace-groups.ts'
import { subjectSpellings } from './subject-pseudonym.ts'

export type PersonRecord = { id: string; handle: string; name: string; email: string; deactivatedAt: Date | null }
/** `refused`: what ended, if the operator's limits keep the person out. */
export type SavedPerson = PersonRecord & { refused?: RefusedPerson; named?: NamedRole }

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
  subject: string
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
 * A deactivated person is left as they are. One whom the operator's limits keep out loses what lets them in.
 * @param nextHandle a fresh handle; called again when one is taken (handles are never reused: rows are never removed)
 * @param along what else the transaction does; if it throws, nothing is saved
 * @throws StrangerRefused
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
  const select = { id: true, handle: true, name: true, email: true, deactivatedAt: true }
  const mayHaveRole = person.platformRoleOf(person.groups) !== 'member'
  if (mayHaveRole) await holdPushedGroups(tx, 'as they are')
  // Somebody who was provisioned has the issuer as the configuration spells it until they sign in.
  const [known] = await tx.$queryRaw<
    { id: string; issuer: string; subject: string; deactivatedAt: Date | null; wasPaused: boolean }[]
  >(Prisma.sql`
    SELECT u.id, u.issuer, u.subject, u.deactivated_at AS "deactivatedAt", u.groups_paused_at IS NOT NULL OR ${isPausedSql('u')} AS "wasPaused"
    FROM user_account u WHERE (u.issuer = ${issuer} OR (u.issuer = ${bareIssuer(issuer)} AND u.never_signed_in)) AND u.subject = ANY (${subjectSpellings(issuer, subject)})
    ORDER BY u.issuer = ${issuer} DESC LIMIT 1 FOR NO KEY UPDATE`)
  if (known?.deactivatedAt) return tx.user.findUniqueOrThrow({ where: { id: known.id }, select })
  const refusal = admission && (await refusalOf(tx, known?.id ?? null, person, admission))
  if (refusal && !known) throw new StrangerRefused(refusal)
  if (refusal && known) {
    const refused = await endRefusedPerson(tx, known, refusal, at)
    return { ...(await tx.user.findUniqueOrThrow({ where: { id: known.id }, select })), refused }
  }
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
    groupsPausedAt: null,
    neverSignedIn: false,
  }
  // Setting a key, even to what it was, keeps grants to this person waiting.
  const spelled = known && (known.issuer !== issuer || known.subject !== subject) ? { issuer, subject } : {}
  const saved = known
    ? await tx.user.update({ where: { id: known.id }, data: { ...current, ...spelled }, select })
    : await tx.user.create({
        data: { id: randomUUID(), issuer, subject, handle, createdAt: at, ...current },
        select,
      })
  await replaceGroups(tx, saved.id, issuer, person.groups, known?.wasPaused ?? false)
  if (!admission) return saved
  if (byName) return { ...saved, named: byName }
  // An address names an account, so a new one has to be there first.
  const named = await decideNamedRole(tx, saved.id, issuer, admission.named)
  if (named.role !== 'member')
    await tx.user.update({
      where: { id: saved.id },
      data: { namedRole: named.role, platformRole: greaterPlatformRole(current.platformRole, named.role) },
      select: { id: true },
    })
  return { ...saved, named }
}
