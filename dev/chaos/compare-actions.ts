/** An action that was confirmed in the portal. */
export type ConfirmedAction = {
  action: 'space.create' | 'grant.remove' | 'credential.revoke'
  /** The space’s name, or the SHA-256 of the kubeconfig’s token, hexadecimal. */
  on: string
  /**
   * Whether its answer came before web's deadline for outcomes that aren’t in the trail yet
   * (lib/kernel/trail/persist-outcomes.ts). If not, the worker adds the missing outcome 15 minutes later.
   */
  isPrompt: boolean
}

/** @returns the kinds of confirmed actions without a timely answer, for which no outcome would be compared */
export const unanswered = (confirmed: readonly ConfirmedAction[]): ConfirmedAction['action'][] =>
  [...new Set(confirmed.map(({ action }) => action))].filter(
    (kind) => !confirmed.some(({ action, isPrompt }) => action === kind && isPrompt),
  )

/** The longest that web waits for an outcome before it answers, in milliseconds. */
export const promptMs = 5_000

export type TrailRow = {
  id: string
  intentId: string | null
  action: string
  targetId: string | null
  targetName: string | null
  outcome: string | null
}

/**
 * Each confirmed action has one intent in the trail and one outcome, which is ok.
 * @param revoked the ids of revoked credentials, by their token’s SHA-256
 * @returns the violations
 */
export function compareActions(
  confirmed: readonly ConfirmedAction[],
  rows: readonly TrailRow[],
  revoked: ReadonlyMap<string, string>,
): string[] {
  if (confirmed.length === 0) return ['No action was confirmed: nothing was compared']
  return confirmed.flatMap(({ action, on, isPrompt }) => {
    const said = `${action} of ${on.slice(0, 32)}`
    const target = action === 'credential.revoke' ? revoked.get(on) : on
    if (target === undefined) return [`${said} was confirmed, but it is not revoked`]
    const intents = rows.filter(
      (row) =>
        row.action === action &&
        row.intentId === null &&
        row.outcome === null &&
        (action === 'credential.revoke' ? row.targetId : row.targetName) === target,
    )
    const [intent] = intents
    if (intent === undefined) return [`The trail lacks the intent of ${said}`]
    if (intents.length > 1) return [`The trail has ${intents.length} intents of ${said}`]
    const outcomes = rows.filter(({ intentId }) => intentId === intent.id).map(({ outcome }) => outcome)
    if (outcomes.length > 1) return [`The trail has ${outcomes.length} outcomes of ${said}`]
    if (!isPrompt) return []
    if (outcomes.length === 0) return [`The trail lacks the outcome of ${said}`]
    return outcomes[0] === 'ok' ? [] : [`According to the trail, ${said} was ${outcomes[0]}`]
  })
}
