/**
 * Which account a sign-in is. Must never give somebody another person's account: not because one person's `sub` equals another's
 * value of the configured claim, nor because one of two accounts is deactivated.
 */

/** An account that a sign-in could mean. Its row is held. */
export type FoundAccount = {
  id: string
  handle: string
  deactivated: boolean
  /** It exists by provisioning alone: no ID token has confirmed its subject. */
  neverSignedIn: boolean
  /** The claim that its subject is. */
  claim: string
  /** Its subject is the value of the configured claim in the ID token. */
  hasSubject: boolean
  /** It last signed in with the `sub` of the ID token. */
  hasSub: boolean
}

export type AccountDecision =
  | { kind: 'create' }
  | { kind: 'use' | 'deactivated'; id: string }
  /** The account is the person's, known by another claim until now. */
  | { kind: 'change-claim'; id: string; before: string }
  /** Provisioning created a second account, and nobody has signed in to it: `keep` takes its place. */
  | { kind: 'join'; keep: FoundAccount; retire: FoundAccount }
  | { kind: 'conflict'; handles: string[] }

/**
 * @param found accounts of the issuer with the subject or the `sub` of a verified ID token; of those with the subject, the
 *   first counts
 * @param claim OIDC_SUBJECT_CLAIM of that provider
 */
export function decideAccount(found: readonly FoundAccount[], claim: string): AccountDecision {
  const own = found.find(({ hasSubject }) => hasSubject)
  const proven = found.filter(({ hasSubject, hasSub }) => hasSub && !hasSubject)
  const all = own ? [own, ...proven] : proven
  const conflict = { kind: 'conflict', handles: all.map(({ handle }) => handle) } as const
  // The value is equal, but of another claim: somebody else's, as far as anybody knows.
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
  // The same claim has another value for the same `sub`: an operator has to find out why.
  return other.claim === claim ? conflict : changed(other)
}

const changed = ({ id, claim }: FoundAccount) => ({ kind: 'change-claim', id, before: claim }) as const

/** Several accounts could be the one that signs in. */
export class AccountConflict extends Error {
  readonly handles: readonly string[]

  constructor(handles: readonly string[]) {
    super(`several accounts could be the one that signs in: ${handles.join(', ')}`)
    this.name = 'AccountConflict'
    this.handles = handles
  }
}
