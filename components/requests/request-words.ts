import { changesAnything, type GainedRight } from '#lib/kernel/model/access/role-rules.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import type { ShownRequestState } from '#lib/kernel/model/requests/access-request.ts'
import type { DecisionContext, RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'

type Limits = Pick<Policy, 'spaceLimit' | 'maxSize'>

/** @returns why an open request for a space or a size needs approval, one sentence per limit */
export function limitSentences(
  { payload, excess, isOwn }: Pick<RequestDetail, 'payload' | 'excess' | 'isOwn'>,
  { spaceLimit, maxSize }: Limits,
): string[] {
  if (payload.kind === 'role' || payload.kind === 'life') return []
  const sentences = excess.map((limit) =>
    limit === 'space_limit'
      ? `This would exceed the ${spaceLimit} ${spaceLimit === 1 ? 'space' : 'spaces'} a person can own without approval.`
      : `Size ${payload.size} is larger than ${maxSize}, the largest size available without approval.`,
  )
  if (sentences.length > 0) return sentences
  return [`This is now within the limits: ${isOwn ? 'you' : 'they'} no longer need approval.`]
}

/** @returns a summary of permissions: "26 resources, read only" */
export function rightsSummary(gained: readonly GainedRight[]): string {
  const count = `${gained.length} ${gained.length === 1 ? 'resource' : 'resources'}`
  const sensitive = gained.filter((right) => right.sensitive).length
  if (sensitive > 0) return `${count}, ${sensitive} of them sensitive`
  return gained.some(changesAnything) ? count : `${count}, read only`
}

/** @returns how many spaces a person owns: "5 of 5 (3 × S, 1 × M, 1 × L)" */
export function spacesWords({ owned, limit, bySize }: DecisionContext['spaces']): string {
  const count = `${owned} of ${limit}`
  const each = sizes.flatMap((size) => (bySize?.[size] ? [`${bySize[size]} × ${size}`] : []))
  return each.length > 0 ? `${count} (${each.join(', ')})` : count
}

const states = [
  'approved',
  'denied',
  'open',
  'expired',
  'withdrawn',
  'closed',
] as const satisfies readonly ShownRequestState[]

/** @returns the outcomes of a person's earlier requests: "2 approved, 1 denied"; null: none */
export function historyWords({ counts }: DecisionContext['history']): string | null {
  const words = states.flatMap((state) => (counts[state] ? [`${counts[state]} ${state}`] : []))
  return words.length > 0 ? words.join(', ') : null
}
