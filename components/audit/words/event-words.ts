import { timeInFull } from '#components/ui/time/time-in-words.ts'
import type { AuditNames, AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { workloadKindOf } from '#lib/features/audit/model/workload-api.ts'
import { named, type SentencePart } from './sentence-part.ts'

/** What of an action a sentence is made of. */
export type Telling = Pick<
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

/** Where and for whom it is told. */
export type Teller = {
  names: AuditNames
  /** The space whose page it is: it isn't named again. */
  within?: string | undefined
  /**
   * Whether the reader may know from where, with what and in which words something was asked for: auditors and platform
   * admins may, the members of a space may not.
   */
  full: boolean
}

/** An action with what its sentence needs to be told. */
export type Told = Telling & Teller

/** @returns a text among the details; null if there is none */
export function textIn(detail: unknown, key: string): string | null {
  const value = valueIn(detail, key)
  return typeof value === 'string' && value !== '' ? value : null
}

/** @returns a number among the details; null if there is none */
export function countIn(detail: unknown, key: string): number | null {
  const value = valueIn(detail, key)
  return typeof value === 'number' ? value : null
}

/** @returns something among the details; undefined if there is nothing */
export const valueIn = (detail: unknown, key: string): unknown =>
  typeof detail === 'object' && detail !== null && Object.hasOwn(detail, key)
    ? (detail as Record<string, unknown>)[key]
    : undefined

const found = <T>(names: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(names, key) ? names[key] : undefined

/** @returns a person by their handle, with their name where it is known */
const person = ({ names }: Teller, handle: string): SentencePart => ({
  is: 'person',
  name: found(names.people, handle) ?? handle,
  handle,
})

/** @returns whom a detail names by handle, or in other words if it names nobody */
export function personIn(told: Told, key: string, otherwise: string): SentencePart {
  const handle = textIn(told.detail, key)
  return handle === null ? otherwise : person(told, handle)
}

/** @returns the person whom an action is about */
export const targetPerson = (told: Told): SentencePart =>
  told.target.name === null ? 'a person' : person(told, told.target.name)

/** @returns whether somebody did something to themselves */
export const toSelf = ({ actor, target }: Told): boolean => actor.handle !== null && actor.handle === target.name

/** @returns the person or the group of a member's role: `user:{handle}`, `group:{name}` */
export function principal(told: Told): SentencePart[] {
  const text = textIn(told.detail, 'principal') ?? ''
  if (text.startsWith('user:')) return [person(told, text.slice('user:'.length))]
  if (text.startsWith('group:')) return ['the group ', named(text.slice('group:'.length))]
  return ['a member']
}

/** @returns the space that an action is about, by its name */
export function space(told: Told): SentencePart {
  const { names, spaceId, target, namespace } = told
  const id = spaceId ?? (target.kind === 'space' ? target.id : null)
  const known = id === null ? undefined : found(names.spaces, id)
  const name = known?.name ?? (target.kind === 'space' ? target.name : null) ?? namespace
  if (name === null) return 'a space'
  return { is: 'space', name, id: known ? id : null }
}

/** @returns the object of a request by its name, with its page if it has one */
export function objectName(told: Told, name: string): SentencePart {
  const { action, outcome, spaceId, names, target } = told
  const [, plural = '', group = ''] = /^([a-z]+)(?:\/[a-z]+)?(\.[a-z0-9.-]+)?$/.exec(target.kind) ?? []
  const kind = workloadKindOf(plural + group)
  const verb = action.slice(action.indexOf('.') + 1)
  // What was never made, or has been deleted, has no page.
  const isThere = outcome === 'ok' ? verb !== 'delete' : verb !== 'create'
  if (kind === null || spaceId === null || !isThere || !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name))
    return named(name)
  const where = found(names.spaces, spaceId)
  const space = where?.isOpen ? { name: where.name, cluster: where.cluster } : null
  return { is: 'workload', text: name, of: `${kind}/${name}`, space }
}

/** @returns ` in web-dev`; nothing on the space's own page */
export function inSpace(told: Told, before = ' in '): SentencePart[] {
  const { spaceId, namespace, target, within } = told
  if (within !== undefined && within === (spaceId ?? target.id)) return []
  if (spaceId === null && target.kind !== 'space') return namespace === null ? [] : [before, named(namespace)]
  return [before, space(told)]
}

/** @returns `the space web-dev`; on its own page `the space` */
export const theSpace = (told: Told): SentencePart[] => {
  const which = inSpace(told, ' ')
  return ['the space', ...which]
}

/** @returns an instant that a detail has as text, in words; null if there is none */
export function instantIn(detail: unknown, key: string): string | null {
  const text = textIn(detail, key)
  const at = text === null ? null : new Date(text)
  return at === null || Number.isNaN(at.getTime()) ? null : timeInFull(at, false)
}

/** @returns the target by its name */
export const targetName = ({ target }: Told, otherwise: string): SentencePart =>
  target.name === null ? otherwise : named(target.name)

/** @returns the credential that an action is about, as a link to its story */
export function credential({ target, detail }: Told, text: string): SentencePart {
  // Older releases named it otherwise.
  const id =
    textIn(detail, 'credential') ?? textIn(detail, 'credentialId') ?? (target.kind === 'credential' ? target.id : null)
  return id === null ? text : { is: 'credential', text, id }
}

/** @returns whose credential an action is about; null if it isn't known */
export function ownerOfCredential({ names, target }: Told): { handle: string; name: string } | null {
  if (target.kind !== 'credential' || target.id === null) return null
  return found(names.credentials, target.id) ?? null
}
