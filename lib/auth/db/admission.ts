import type { NamedRoles } from '#lib/auth/model/named-person.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { countedForSignIn } from '#lib/kernel/db/people/counted-claims.ts'
import type { SignInRefusal } from '#lib/kernel/model/people/sign-in-limit.ts'

/** The operator's rules for people at one provider: who may sign in, and who has a platform role by name. */
export type Admission = {
  /** People must be in at least one of these groups. */
  signInGroups: readonly string[]
  /** Why a person in these groups may not sign in; null: they may. */
  decide: (groups: readonly string[]) => SignInRefusal | null
  named: NamedRoles
}

/**
 * @param userId null: the person has no account yet
 * @param person `groups`: those that the provider sent; `listed`: those that may be pushed
 * @returns which of the operator's limits refuses the person; null: none does
 */
export const refusalOf = async (
  tx: Tx,
  userId: string | null,
  { issuer, groups, listed }: { issuer: string; groups: readonly string[]; listed: readonly string[] },
  { signInGroups, decide }: Admission,
): Promise<SignInRefusal | null> =>
  decide(await countedForSignIn(tx, userId, issuer, groups, { named: signInGroups, listed }))
