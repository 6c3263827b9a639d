import type { NamedRoles } from '#lib/auth/model/named-person.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { countedForSignIn } from '#lib/kernel/db/people/counted-claims.ts'
import type { SignInRefusal } from '#lib/kernel/model/people/sign-in-limit.ts'

/** What the operator says of people at their provider: who may sign in, and who has a platform role by name. */
export type Admission = {
  /** The groups in one of which people have to be. */
  signInGroups: readonly string[]
  /** Why somebody in these groups may not be signed in; null: they may. */
  decide: (groups: readonly string[]) => SignInRefusal | null
  named: NamedRoles
}

/**
 * @param userId null: a person who wasn't known
 * @param person `groups`: those that the provider says; `listed`: those that may be pushed
 * @returns why the operator's limits keep a person out; null: they don't
 */
export const refusalOf = async (
  tx: Tx,
  userId: string | null,
  { issuer, groups, listed }: { issuer: string; groups: readonly string[]; listed: readonly string[] },
  { signInGroups, decide }: Admission,
): Promise<SignInRefusal | null> =>
  decide(await countedForSignIn(tx, userId, issuer, groups, { named: signInGroups, listed }))
