import type { AuditRow } from '#lib/domain/audit-view.ts'
import { reasonInWords } from './reason-words.ts'

const textIn = (detail: AuditRow['detail'], name: string): string | null => {
  const value = detail[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** @returns in a space's own trail: what of it, or whom, an action was about; null where the action says it all */
export function activityTarget({ action, target, detail }: AuditRow): string | null {
  if (action.startsWith('kubectl.')) return [target.kind, target.name].filter(Boolean).join(' ')
  if (action === 'space.offer-accept') return textIn(detail, 'from') && `from ${textIn(detail, 'from')}`
  if (action.startsWith('space.offer')) return textIn(detail, 'to')
  if (Array.isArray(detail.drifted)) return detail.drifted.map(String).join(', ')
  const principal = textIn(detail, 'principal')
    ?.replace(/^user:/, '')
    .replace(/^group:/, 'group ')
  const role = textIn(detail, 'role')
  if (!principal) return null
  return role ? `${principal} (${role})` : principal
}

/** @returns why an action came to nothing, in words as far as there are any; null when it did not, or nobody knows */
export function failureInWords({ outcome, reason, detail }: AuditRow): string | null {
  if (outcome === 'ok' || reason === null) return null
  return reasonInWords(reason) ?? textIn(detail, 'message') ?? reason
}
