import type {
  RebuildPlan,
  RebuiltGrant,
  RebuiltPerson,
  RebuiltSpace,
} from '#lib/features/recovery/model/plan-rebuild.ts'
import type { ExportedPolicy } from '#lib/features/recovery/model/recovery-file.ts'
import type { Tx } from '#lib/kernel/db/client.ts'

/** Rows in one statement. */
const atOnce = 1_000

/** The number of people and spaces, which prevent a rebuild, and the clusters restored by earlier runs. */
export type RebuildState = { people: number; spaces: number; rebuilt: string[] }

/** @returns the state of a database. Until the transaction ends, no one else can rebuild it or sign in */
export async function holdRebuildState(tx: Tx): Promise<RebuildState> {
  await tx.$executeRaw`LOCK TABLE user_account, space IN SHARE ROW EXCLUSIVE MODE`
  const [state] = await tx.$queryRaw<RebuildState[]>`
    SELECT (SELECT count(*) FROM user_account)::int AS people, (SELECT count(*) FROM space)::int AS spaces,
      ARRAY (SELECT DISTINCT target_name FROM audit_event WHERE action = 'database.rebuild' AND target_name IS NOT NULL) AS rebuilt`
  return state ?? { people: 0, spaces: 0, rebuilt: [] }
}

/**
 * Adds people, without changing existing ones.
 * @returns the handles of those who can't be added because they, or another person with their handle, have signed in as
 *   a new person
 */
export async function insertRebuiltPeople(tx: Tx, people: readonly RebuiltPerson[]): Promise<string[]> {
  for (const some of chunks(people)) {
    await tx.user.createMany({
      data: some.map(({ groups: _, subjectClaim = 'sub', oidcSub = null, ...person }) => ({
        ...person,
        subjectClaim,
        oidcSub,
        lastSignInAt: person.groupsVerifiedAt,
      })),
      skipDuplicates: true,
    })
    const there = await tx.user.findMany({
      where: { id: { in: some.map(({ id }) => id) } },
      select: { id: true, issuer: true, subject: true, handle: true },
    })
    const same = new Set(there.map(identityOf))
    const others = some.filter((person) => !same.has(identityOf(person)))
    if (others.length > 0) return others.map(({ handle }) => handle)
    const memberships = some.flatMap(({ id: userId, groups }) => groups.map((group) => ({ userId, group })))
    for (const few of chunks(memberships)) await tx.userGroup.createMany({ data: few, skipDuplicates: true })
  }
  return []
}

const identityOf = ({ id, issuer, subject, handle }: Pick<RebuiltPerson, 'id' | 'issuer' | 'subject' | 'handle'>) =>
  JSON.stringify([id, issuer, subject, handle])

/** Adds a cluster's spaces, as ready as they are there, with their grants. */
export async function insertRebuiltSpaces(
  tx: Tx,
  { name, spaces, grants }: RebuildPlan['clusters'][number],
  at: Date,
): Promise<void> {
  const cluster = await tx.cluster.findUniqueOrThrow({ where: { name }, select: { id: true } })
  for (const some of chunks(spaces))
    await tx.space.createMany({ data: some.map((space) => spaceRow(space, cluster.id)) })
  for (const some of chunks(grants)) await tx.grant.createMany({ data: some.map((grant) => grantRow(grant, at)) })
}

const spaceRow = (space: RebuiltSpace, clusterId: string) => ({
  ...space,
  clusterId,
  status: 'ready' as const,
  observedGeneration: 1,
  firstReadyAt: space.createdAt,
})

const grantRow = ({ to, withheldFrom, ...grant }: RebuiltGrant, at: Date) => ({
  ...grant,
  ...('userId' in to ? to : { group: to.group, groupIssuer: to.issuer }),
  withheldFrom: [...withheldFrom],
  createdAt: grant.startsAt,
  awaitsStart: grant.startsAt > at,
})

/**
 * Adds the newest version of the policy.
 * @returns false if its author is unknown or there is already a version
 */
export async function insertRebuiltPolicy(tx: Tx, policy: ExportedPolicy): Promise<boolean> {
  const { number, reason, author, createdAt } = policy
  const rules = JSON.stringify(policy.rules)
  const added = await tx.$executeRaw`
    INSERT INTO policy_version (number, rules, reason, author_id, created_at)
    SELECT ${number}, ${rules}::jsonb, ${reason}, u.id, ${createdAt} FROM user_account u
    WHERE u.handle = ${author} AND NOT EXISTS (SELECT FROM policy_version)`
  return added === 1
}

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += atOnce) yield rows.slice(start, start + atOnce)
}
