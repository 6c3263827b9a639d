import { randomUUID } from 'node:crypto'
import { bareIssuer } from '#lib/domain/bare-issuer.ts'
import type { PlatformRole } from '#lib/domain/role.ts'
import { type Db, Prisma, type Tx } from './client.ts'
import { countedClaims, holdPushedGroups } from './counted-claims.ts'
import { isPausedSql } from './group-member-sql.ts'
import { replaceGroups } from './replace-groups.ts'
import { subjectSpellings } from './subject-pseudonym.ts'

export type PersonRecord = { id: string; handle: string; name: string; email: string; deactivatedAt: Date | null }

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
  at: Date
}

const attempts = 5

/**
 * Creates or updates a person and replaces their groups; spaces in which a joined or left group has a role are queued.
 * A deactivated person is left as they are.
 * @param nextHandle a fresh handle; called again when one is taken (handles are never reused: rows are never removed)
 * @param along what else the transaction does; if it throws, nothing is saved
 */
export async function savePerson(
  db: Db,
  person: PersonAtSignIn,
  nextHandle: () => string,
  along: (tx: Tx, saved: PersonRecord) => Promise<unknown>,
): Promise<PersonRecord> {
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

async function save(tx: Tx, person: PersonAtSignIn, handle: string): Promise<PersonRecord> {
  const { issuer, subject, name, email, emailUnverified, leftOut, at } = person
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
  const counted = mayHaveRole ? await countedClaims(tx, known?.id ?? null, issuer, person.groups, person.listed) : []
  const current = {
    name,
    email,
    emailUnverified,
    platformRole: person.platformRoleOf(counted),
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
  return saved
}
