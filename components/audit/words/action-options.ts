import { knownActions } from './action-words.ts'
import { actionLabel } from './sentence.ts'

/** An action of the trail, or all with a prefix (`space.`), for a filter. */
export type ActionOption = { value: string; label: string; group: string }

/** A group of actions: its title, the prefixes of their names, and the label of all, if they share one prefix. */
const groups: readonly (readonly [title: string, prefixes: readonly string[], all?: string])[] = [
  ['Spaces', ['space'], 'Everything about spaces'],
  ['Members', ['grant'], 'Everything about members'],
  ['Requests', ['request'], 'Everything about requests'],
  ['Kubeconfigs', ['credential'], 'Everything about kubeconfigs'],
  ['kubectl', ['kubectl'], 'Everything done with kubectl'],
  ['Sign-in', ['session'], 'Everything about sign-in'],
  ['Admin role', ['admin-role', 'break-glass-code']],
  ['People', ['person', 'groups', 'offboarding']],
  ['Reviews', ['review'], 'Everything about reviews'],
  ['Provisioning', ['provisioning'], 'Everything about provisioning'],
  ['Policy', ['policy']],
  ['Clusters', ['cluster', 'database', 'audit-webhook']],
  ['Audit trail', ['audit', 'trail', 'access']],
  ['Inbox and filters', ['inbox', 'webhook', 'filter']],
]

/** The trail's action filters, by group. */
export const actionOptions: readonly ActionOption[] = groups.flatMap(([group, prefixes, all]) => [
  ...(all === undefined ? [] : [{ value: `${prefixes[0]}.`, label: all, group }]),
  ...knownActions
    .filter((action) => prefixes.some((prefix) => action.startsWith(`${prefix}.`)))
    .map((action) => ({ value: action, label: actionLabel(action), group })),
])
