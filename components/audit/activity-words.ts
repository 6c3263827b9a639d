import type { AuditRow } from '#lib/domain/audit-view.ts'
import { reasonInWords } from './reason-words.ts'

const textIn = (detail: AuditRow['detail'], name: string): string | null => {
  const value = detail[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** @returns whom or what in the space an action was about; null if the action already says it */
export function activityTarget({
  action,
  target,
  detail,
}: Pick<AuditRow, 'action' | 'target' | 'detail'>): string | null {
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

/** @returns why an action failed, in words if there are any; null if it didn't fail, or if the reason is unknown */
export function failureInWords({
  outcome,
  reason,
  detail,
}: Pick<AuditRow, 'outcome' | 'reason' | 'detail'>): string | null {
  if (outcome === 'ok' || reason === null) return null
  return reasonInWords(reason) ?? textIn(detail, 'message') ?? reason
}
