import type { BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { LineState, ReviewRule, ReviewScope, ReviewState } from '#lib/kernel/model/requests/review.ts'

type Look = { label: string; tone: BadgeTone; icon: IconName }

export const stateLooks: Readonly<Record<ReviewState, Look>> = {
  starting: { label: 'Starting', tone: 'accent', icon: 'progress' },
  open: { label: 'Open', tone: 'accent', icon: 'clock' },
  closing: { label: 'Closing', tone: 'warn', icon: 'progress' },
  closed: { label: 'Closed', tone: 'ok', icon: 'check' },
}

export const lineLooks: Readonly<Record<LineState, Look>> = {
  open: { label: 'Undecided', tone: 'neutral', icon: 'clock' },
  kept: { label: 'Kept', tone: 'ok', icon: 'check' },
  revoked: { label: 'Revoked', tone: 'bad', icon: 'x' },
  lowered: { label: 'Lowered', tone: 'warn', icon: 'arrow-down' },
  flagged: { label: 'Flagged', tone: 'warn', icon: 'alert-triangle' },
  ended: { label: 'Ended otherwise', tone: 'neutral', icon: 'circle' },
  undecided: { label: 'Undecided at the end', tone: 'warn', icon: 'alert-triangle' },
  shown: { label: 'For information', tone: 'neutral', icon: 'info' },
}

export const ruleInWords = (rule: ReviewRule): string => (rule === 'keep' ? 'stays' : 'is revoked')

const few = (names: readonly { name: string }[]): string =>
  names.length > 5
    ? `${names
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ')} and ${names.length - 5} more`
    : names.map(({ name }) => name).join(', ')

/** @returns a review's scope: `All spaces of all clusters` */
export function scopeInWords({ cluster, spaces, people, roles }: ReviewScope): string {
  const where = cluster === null ? 'all clusters' : `the cluster ${cluster}`
  const parts = [
    spaces.length === 0 ? `All spaces of ${where}` : `${inNumber(spaces.length, 'space')} (${few(spaces)})`,
    ...(people.length > 0 ? [`only ${few(people)}`] : []),
    ...(roles.length > 0 ? [`only the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`] : []),
  ]
  return parts.join('; ')
}
