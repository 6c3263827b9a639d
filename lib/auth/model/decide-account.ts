/**
 * Decides which account a sign-in belongs to. It must never give a person another person's account: not if one person's
 * `sub` equals the other's value of the configured claim, and not if one of two accounts is deactivated.
 */

/** An account that the sign-in could belong to. Its row is locked. */
export type FoundAccount = {
  id: string
  handle: string
  deactivated: boolean
  /** Provisioning created it, and no ID token has confirmed its subject. */
  neverSignedIn: boolean
  /** The claim that its subject holds. */
  claim: string
  /** Its subject equals the configured claim of the ID token. */
  hasSubject: boolean
  /** Its last sign-in had the `sub` of the ID token. */
  hasSub: boolean
}

export type AccountDecision =
  | { kind: 'create' }
  | { kind: 'use' | 'deactivated'; id: string }
  /** The account belongs to the person, and was identified by another claim until now. */
  | { kind: 'change-claim'; id: string; before: string }
  /** Provisioning created a second account without a sign-in: `keep` replaces it. */
  | { kind: 'join'; keep: FoundAccount; retire: FoundAccount }
  | { kind: 'conflict'; handles: string[] }

/**
 * @param found accounts of the issuer with the subject or the `sub` of a verified ID token; of those with the subject,
 *   the first counts
 * @param claim OIDC_SUBJECT_CLAIM of that provider
 */
export function decideAccount(found: readonly FoundAccount[], claim: string): AccountDecision {
  const own = found.find(({ hasSubject }) => hasSubject)
  const proven = found.filter(({ hasSubject, hasSub }) => hasSub && !hasSubject)
  const all = own ? [own, ...proven] : proven
  const conflict = { kind: 'conflict', handles: all.map(({ handle }) => handle) } as const
  // The value is equal, but it is another claim: it may be a different person.
  if (own && own.claim !== claim && !own.hasSub) return conflict
  const deactivated = all.find((account) => account.deactivated)
  if (deactivated) return { kind: 'deactivated', id: deactivated.id }
  const [other, ...more] = proven
  if (more.length > 0) return conflict
  if (own) {
    if (!other) return own.claim === claim ? { kind: 'use', id: own.id } : changed(own)
    return own.neverSignedIn ? { kind: 'join', keep: other, retire: own } : conflict
  }
  if (!other) return { kind: 'create' }
  // The same claim has another value for the same `sub`: an operator must find out why.
  return other.claim === claim ? conflict : changed(other)
}

const changed = ({ id, claim }: FoundAccount) => ({ kind: 'change-claim', id, before: claim }) as const

export class AccountConflict extends Error {
  readonly handles: readonly string[]

  constructor(handles: readonly string[]) {
    super(`several accounts match this sign-in: ${handles.join(', ')}`)
    this.name = 'AccountConflict'
    this.handles = handles
  }
}
