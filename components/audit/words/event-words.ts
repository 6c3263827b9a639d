import { timeInFull } from '#components/ui/time/time-in-words.ts'
import type { AuditNames, AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { workloadKindOf } from '#lib/features/audit/model/workload-api.ts'
import { named, type SentencePart } from './sentence-part.ts'

/** The fields of a row that its sentence uses. */
export type EventContent = Pick<
  AuditRow,
  | 'action'
  | 'actor'
  | 'target'
  | 'spaceId'
  | 'namespace'
  | 'sourceAddress'
  | 'destination'
  | 'outcome'
  | 'reason'
  | 'detail'
  | 'route'
>

/** The names and permissions for the sentence. */
export type EventContext = {
  names: AuditNames
  /** The space of the page. The sentence doesn't repeat its name. */
  within?: string | undefined
  /**
   * Whether the reader may see addresses, clients and commands: auditors and platform admins may, members of a space
   * may not.
   */
  full: boolean
}

/** A row with the context of its sentence. */
export type DescribedEvent = EventContent & EventContext

/** @returns a text in the details; null if there is none */
export function textIn(detail: unknown, key: string): string | null {
  const value = valueIn(detail, key)
  return typeof value === 'string' && value !== '' ? value : null
}

/** @returns a number in the details; null if there is none */
export function countIn(detail: unknown, key: string): number | null {
  const value = valueIn(detail, key)
  return typeof value === 'number' ? value : null
}

/** @returns a value in the details; undefined if there is none */
export const valueIn = (detail: unknown, key: string): unknown =>
  typeof detail === 'object' && detail !== null && Object.hasOwn(detail, key)
    ? (detail as Record<string, unknown>)[key]
    : undefined

const ownValue = <T>(names: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(names, key) ? names[key] : undefined

/** @returns a person by handle, with their name if known */
const person = ({ names }: EventContext, handle: string): SentencePart => ({
  is: 'person',
  name: ownValue(names.people, handle) ?? handle,
  handle,
})

/** @returns the person in the details, or `otherwise` */
export function personIn(event: DescribedEvent, key: string, otherwise: string): SentencePart {
  const handle = textIn(event.detail, key)
  return handle === null ? otherwise : person(event, handle)
}

export const targetPerson = (event: DescribedEvent): SentencePart =>
  event.target.name === null ? 'a person' : person(event, event.target.name)

/** @returns whether the actor and the target are the same person */
export const toSelf = ({ actor, target }: DescribedEvent): boolean =>
  actor.handle !== null && actor.handle === target.name

/** @returns the person or the group of a member's role: `user:{handle}`, `group:{name}` */
export function principal(event: DescribedEvent): SentencePart[] {
  const text = textIn(event.detail, 'principal') ?? ''
  if (text.startsWith('user:')) return [person(event, text.slice('user:'.length))]
  if (text.startsWith('group:')) return ['the group ', named(text.slice('group:'.length))]
  return ['a member']
}

/** @returns the space of an action, by name */
export function space(event: DescribedEvent): SentencePart {
  const { names, spaceId, target, namespace } = event
  const id = spaceId ?? (target.kind === 'space' ? target.id : null)
  const known = id === null ? undefined : ownValue(names.spaces, id)
  const name = known?.name ?? (target.kind === 'space' ? target.name : null) ?? namespace
  if (name === null) return 'a space'
  return { is: 'space', name, id: known ? id : null }
}

/** @returns a requested object by name, with a link to its page if it has one */
export function objectName(event: DescribedEvent, name: string): SentencePart {
  const { action, outcome, spaceId, names, target } = event
  const [, plural = '', group = ''] = /^([a-z]+)(?:\/[a-z]+)?(\.[a-z0-9.-]+)?$/.exec(target.kind) ?? []
  const kind = workloadKindOf(plural + group)
  const verb = action.slice(action.indexOf('.') + 1)
  // An object that was never created or has been deleted has no page.
  const isThere = outcome === 'ok' ? verb !== 'delete' : verb !== 'create'
  if (kind === null || spaceId === null || !isThere || !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name))
    return named(name)
  const where = ownValue(names.spaces, spaceId)
  const space = where?.isOpen ? { name: where.name, cluster: where.cluster } : null
  return { is: 'workload', text: name, of: `${kind}/${name}`, space }
}

/** @returns ` in web-dev`; nothing on the space's own page */
export function inSpace(event: DescribedEvent, before = ' in '): SentencePart[] {
  const { spaceId, namespace, target, within } = event
  if (within !== undefined && within === (spaceId ?? target.id)) return []
  if (spaceId === null && target.kind !== 'space') return namespace === null ? [] : [before, named(namespace)]
  return [before, space(event)]
}

/** @returns `the space web-dev`; on its own page `the space` */
export const theSpace = (event: DescribedEvent): SentencePart[] => {
  const which = inSpace(event, ' ')
  return ['the space', ...which]
}

/** @returns a timestamp in the details, formatted; null if there is none */
export function instantIn(detail: unknown, key: string): string | null {
  const text = textIn(detail, key)
  const at = text === null ? null : new Date(text)
  return at === null || Number.isNaN(at.getTime()) ? null : timeInFull(at, false)
}

export const targetName = ({ target }: DescribedEvent, otherwise: string): SentencePart =>
  target.name === null ? otherwise : named(target.name)

/** @returns the credential of an action, as a link to its story */
export function credential({ target, detail }: DescribedEvent, text: string): SentencePart {
  // Older releases used other keys.
  const id =
    textIn(detail, 'credential') ?? textIn(detail, 'credentialId') ?? (target.kind === 'credential' ? target.id : null)
  return id === null ? text : { is: 'credential', text, id }
}

/** @returns the owner of the credential; null if unknown */
export function ownerOfCredential({ names, target }: DescribedEvent): { handle: string; name: string } | null {
  if (target.kind !== 'credential' || target.id === null) return null
  return ownValue(names.credentials, target.id) ?? null
}
