import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { OtherAccount } from '#lib/kernel/model/people/other-account.ts'
import type { DepartingUser } from './find-departing-user.ts'

/** Like bareIssuer (lib/kernel/model/people/bare-issuer.ts). */
const bare = (user: 'u' | 'o') => Prisma.raw(`rtrim(${user}.issuer, '/')`)
/** The `sub` of an account's ID tokens, whatever claim identifies it. */
const sub = (user: 'u' | 'o') =>
  Prisma.raw(`CASE WHEN ${user}.subject_claim = 'sub' THEN ${user}.subject ELSE ${user}.oidc_sub END`)
const sameSubject = Prisma.sql`${bare('o')} = ${bare('u')} AND (o.subject = u.subject OR ${sub('o')} = ${sub('u')})`
/** An address counts as verified if its provider doesn't say whether it is. */
const sameEmail = Prisma.sql`${bare('o')} <> ${bare('u')} AND u.email <> '' AND lower(o.email) = lower(u.email)
  AND NOT o.email_unverified AND NOT u.email_unverified`
const notOffboarded = Prisma.sql`NOT EXISTS (SELECT FROM offboarding f WHERE f.person_id = o.id AND f.reactivated_at IS NULL)`

/** @returns other accounts that may be the same person's, without offboarded ones; those with the same subject first */
export const selectOtherAccounts = (reader: Reader | Tx, id: string, limit: number): Promise<OtherAccount[]> =>
  runSql<OtherAccount>(
    reader,
    Prisma.sql`
    SELECT o.id, o.handle, o.name, o.email, o.issuer, o.deactivated_at IS NOT NULL AS deactivated,
      CASE WHEN ${sameSubject} THEN 'subject' ELSE 'email' END AS by
    FROM user_account u JOIN user_account o ON o.id <> u.id AND ((${sameSubject}) OR (${sameEmail}))
    WHERE u.id = ${id}::uuid AND ${notOffboarded}
    ORDER BY by DESC, o.handle LIMIT ${limit}`,
  )

/** @returns some accounts and all others with the same subjects, without offboarded ones, in the order of ids */
export const selectWithSameSubject = (reader: Reader | Tx, ids: readonly string[]): Promise<DepartingUser[]> =>
  runSql<DepartingUser>(
    reader,
    Prisma.sql`
    SELECT DISTINCT o.id, o.handle, o.name, o.deactivated_at AS "deactivatedAt", NULL AS offboarding
    FROM user_account u JOIN user_account o ON ${sameSubject}
    WHERE u.id = ANY (${[...ids]}::uuid[]) AND ${notOffboarded} ORDER BY o.id`,
  )
