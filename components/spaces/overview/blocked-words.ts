import { quotaInSentence, shareText } from '#components/spaces/quota-words.ts'
import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { BlockedByQuota } from '#lib/kernel/model/spaces/space-inside.ts'

const shownAtMost = 3
/** The maximum length of a reason. */
const maxReason = 1_000

/** @returns the exhausted resources: "CPU limits and memory limits" */
export const exhaustedText = ({ resources }: Pick<BlockedByQuota, 'resources'>): string =>
  listed(resources.map(({ resource }) => quotaInSentence(resource)))

/**
 * @returns the exhausted resources and what waits, as a sentence without a full stop: "Quota for CPU limits used up: 25
 * pods of nginx can’t start"
 */
export function blockedText(blocked: Pick<BlockedByQuota, 'resources' | 'workloads'>): string {
  const { workloads } = blocked
  const more = workloads.length - shownAtMost
  const named = workloads.slice(0, more > 0 ? shownAtMost : undefined).map(podsOf)
  const waiting = listed(more > 0 ? [...named, `those of ${more} more`] : named)
  return `Quota for ${exhaustedText(blocked)} used up: ${waiting} can’t start`
}

/** @returns the shortage: "Total needed: CPU requests 8 of 4 CPUs."; empty if unknown */
export function shortageText({ resources }: Pick<BlockedByQuota, 'resources'>): string {
  const short = resources.flatMap((each) =>
    each.hard === null
      ? []
      : [`${quotaInSentence(each.resource)} ${shareText(each.resource, each.needed, parseQuantity(each.hard) ?? 0)}`],
  )
  return short.length === 0 ? '' : `Total needed: ${listed(short)}.`
}

/** @returns a reason for a larger size */
export const proposedReason = (blocked: BlockedByQuota): string => `${blockedText(blocked).slice(0, maxReason - 1)}.`

function podsOf({ name, pods }: BlockedByQuota['workloads'][number]): string {
  if (pods === null) return `pods of ${name}`
  return `${pods} ${pods === 1 ? 'pod' : 'pods'} of ${name}`
}

const listed = (words: readonly string[]): string => new Intl.ListFormat('en').format(words)
