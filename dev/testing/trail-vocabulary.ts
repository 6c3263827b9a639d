import { auditActions, clusterActions, gatewayActions } from '#lib/domain/audit-action.ts'
import { trailReasons } from '#lib/domain/audit-reason.ts'
import { errorCodes } from '#lib/domain/errors.ts'
import { processes } from '#lib/domain/observer.ts'
import { refusalKeys } from '#lib/domain/refusal-key.ts'
import { signInErrors } from '#lib/domain/sign-in-error.ts'

/** The columns of the trail whose values are a closed list. */
export type TrailWords = { action: string; observer: string; destination: string; reason: string | null }

const actions = new Set<string>([...auditActions, ...gatewayActions, ...clusterActions])
const reasons = new Set<string>([...errorCodes, ...refusalKeys, ...signInErrors, ...trailReasons])
const observer = new RegExp(`^(?:${[...processes, 'cluster'].join('|')})/[\\w.-]+$`)
const destination = /^(?:portal|gateway|cluster\/.+)$/
const clusterStatus = /^cluster_[1-5]\d\d$/

/** @returns a row's values that are not in the trail's vocabulary (lib/audit/audit-event.ts), as `column: value` */
export function strangeWords(row: TrailWords): string[] {
  const knownReason = row.reason === null || reasons.has(row.reason) || clusterStatus.test(row.reason)
  return [
    ...(actions.has(row.action) ? [] : [`action: ${row.action}`]),
    ...(observer.test(row.observer) ? [] : [`observer: ${row.observer}`]),
    ...(destination.test(row.destination) ? [] : [`destination: ${row.destination}`]),
    ...(knownReason ? [] : [`reason: ${row.reason}`]),
  ]
}
