import { canonicalJson, type Json } from '#lib/kernel/model/canonical-json.ts'

export type ConditionType = 'Accepted' | 'Synced' | 'Ready'
const conditionTypes = ['Accepted', 'Synced', 'Ready'] as const

/** One condition: `reason` in CamelCase, `message` a sentence. */
export type Verdict = { is: 'True' | 'False' | 'Unknown'; reason: string; message: string }
export type Verdicts = Record<ConditionType, Verdict>

export type Condition = {
  type: string
  status: string
  observedGeneration?: number | undefined
  lastTransitionTime: string
  reason: string
  message: string
}

/** Facts about the space. */
export type StatusFacts = {
  spaceId?: string
  namespace?: string
  owner?: string
  url?: string
  requestUrl?: string
}

export type SpaceObjectStatus = StatusFacts & { observedGeneration: number; conditions: Condition[] }

const maxMessage = 1_000

/**
 * @param before the object's current conditions: unchanged ones keep their transition time
 * @returns the status of an object
 */
export function renderObjectStatus(
  { generation, verdicts, facts }: { generation: number; verdicts: Verdicts; facts: StatusFacts },
  before: readonly Condition[],
  at: Date,
): SpaceObjectStatus {
  const all = { ...verdicts, Stalled: stalledVerdict(verdicts) }
  const conditions = [...conditionTypes, 'Stalled' as const].map((type): Condition => {
    const { is, reason, message } = all[type]
    const old = before.find((condition) => condition.type === type)
    const kept = old?.status === is && !Number.isNaN(Date.parse(old.lastTransitionTime))
    return {
      type,
      status: is,
      observedGeneration: generation,
      lastTransitionTime: kept ? old.lastTransitionTime : `${at.toISOString().slice(0, 19)}Z`,
      reason,
      message: message.length > maxMessage ? `${message.slice(0, maxMessage - 1)}…` : message,
    }
  })
  return { observedGeneration: generation, ...facts, conditions }
}

/** @returns whether an object already has this status, ignoring fields that others wrote */
export function hasStatus(found: unknown, wanted: SpaceObjectStatus): boolean {
  if (typeof found !== 'object' || found === null) return false
  const { conditions, ...fields } = wanted
  const there = found as Record<string, unknown>
  const ours = ['spaceId', 'namespace', 'owner', 'url', 'requestUrl', 'observedGeneration']
  const same = ours.every((field) => there[field] === (fields as Record<string, unknown>)[field])
  const others = Array.isArray(there.conditions) ? there.conditions.map(textOf) : []
  return same && conditions.every((condition) => others.includes(textOf(condition)))
}

const textOf = (condition: unknown): string => canonicalJson(JSON.parse(JSON.stringify(condition)) as Json)

const truth = (reason: string, message: string): Verdict => ({ is: 'True', reason, message })
const untruth = (reason: string, message: string): Verdict => ({ is: 'False', reason, message })
const unknown = (reason: string, message: string): Verdict => ({ is: 'Unknown', reason, message })

/** @returns the conditions of an object that isn't followed, with the reason */
export const refusedVerdicts = (reason: string, message: string): Verdicts => ({
  Accepted: untruth(reason, message),
  Synced: unknown(reason, message),
  Ready: untruth(reason, message),
})

/** @returns the conditions of an object without a space: it waits for something, or isn't recreated */
export const absentVerdicts = (reason: string, message: string): Verdicts => ({
  Accepted: truth('Accepted', 'This object declares a space.'),
  Synced: untruth(reason, message),
  Ready: untruth(reason, message),
})

/**
 * Reasons that resolve with time or an approval. All others need a change: to the object, the operator's mapping or the
 * space.
 */
const passing = [
  'Creating',
  'Deleting',
  'DeletionWaits',
  'Failed',
  'MembersUnderWay',
  'RateLimited',
  'TooManyRequests',
  'WaitingForApproval',
]

/** kstatus treats `Stalled` True as failed and stops waiting (github.com/kubernetes-sigs/cli-utils). */
function stalledVerdict({ Ready }: Verdicts): Verdict {
  if (Ready.is === 'False' && !passing.includes(Ready.reason)) return truth(Ready.reason, Ready.message)
  return untruth(Ready.is === 'True' ? 'Ready' : 'Progressing', 'No change is needed.')
}

/** A difference between space and object. */
export type Problem = { reason: string; message: string }

const maxNamed = 5

/**
 * @param problems differences from the object; empty: none
 * @param waits what keeps the space from being ready, or null
 */
export function livingVerdicts(problems: readonly Problem[], waits: Problem | null): Verdicts {
  const [first] = problems
  const named = problems.slice(0, maxNamed).map(({ message }) => message)
  const more = problems.length > maxNamed ? [`And ${problems.length - maxNamed} more.`] : []
  return {
    Accepted: truth('Accepted', 'This object declares a space.'),
    Synced: first
      ? untruth(first.reason, [...named, ...more].join(' '))
      : truth('Synced', 'The space is as this object declares it.'),
    Ready: waits ? untruth(waits.reason, waits.message) : truth('Ready', 'The space is ready.'),
  }
}

/** A deletion that waits until fewer spaces were deleted within the hour. */
export const deletionWaits = 'DeletionWaits'

/** Object states in metrics. */
export const objectStates = ['ready', 'waiting', 'refused', 'failing'] as const
export type ObjectState = (typeof objectStates)[number]

/** @param underWay whether it will become ready with time or an approval */
export function objectStateOf({ Accepted, Ready }: Verdicts, underWay: boolean): ObjectState {
  if (Accepted.is === 'False') return 'refused'
  if (Ready.is === 'True') return 'ready'
  return underWay || Ready.reason === deletionWaits ? 'waiting' : 'failing'
}

/** @returns an error code (lib/kernel/model/errors.ts) as a condition's reason: `size_limit` is SizeLimit */
export const reasonOf = (code: string): string =>
  code
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
