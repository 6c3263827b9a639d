import type { AdminAct } from './admin-act.ts'

/**
 * @returns a sentence for the space's owner about an act by platform role or as a decider; it names people with their
 * handles
 */
export function adminActSentence(act: AdminAct, space: string): string {
  const who = `${act.by.name} (${act.by.handle})`
  const by = `Platform admin ${who}`
  const to = act.to.kind === 'group' ? `the group ${act.to.name}` : `${act.to.name} (${act.to.handle})`
  if (act.kind === 'offer') return `${by} offered ${space} to ${to}. It stays yours unless they accept.`
  if (act.kind === 'removal') return `${by} removed the ${act.role} role of ${to} in ${space}.`
  const until = act.endsAt === null ? 'without an end date' : `until ${act.endsAt.slice(0, 10)}`
  if (act.kind === 'request')
    return `${who} approved the request of ${to} for the ${act.role} role in ${space}, ${until}.`
  if (act.before === null) return `${by} gave ${to} the ${act.role} role in ${space}, ${until}.`
  return `${by} changed the role of ${to} in ${space} from ${act.before} to ${act.role}, ${until}.`
}
