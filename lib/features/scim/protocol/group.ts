import { z } from 'zod'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import { findAttribute } from './attribute.ts'
import type { Filter } from './filter.ts'
import { groupAttributes } from './group-schema.ts'
import { parsePath } from './parse-filter.ts'
import type { Operation } from './parse-patch.ts'
import { scimFailure } from './scim-failure.ts'

/** Member changes in one request. */
export const maxMembers = 10_000
const maxNameLength = 256
const maxIdLength = 256

/** A group in a provider's request. `members`: ids of users; undefined if absent. */
export type Group = { displayName: string; externalId: string | undefined; members: string[] | undefined }

/** A change to a group. If `replace` is set, members are replaced before the other changes. */
export type GroupChange = {
  displayName?: string
  externalId?: string | null
  replace: boolean
  add: Set<string>
  remove: Set<string>
}

/** @throws AppError scim_value, scim_too_large */
export function parseGroup(body: object): Group {
  const given = byName(body)
  const members = given.get('members')
  return {
    displayName: parseName(given.get('displayname')),
    externalId: parseExternalId(given.get('externalid')) ?? undefined,
    members: members === undefined || members === null ? undefined : parseMembers(members),
  }
}

/**
 * Combines the operations of a patch into one change without loading the members, since a group may have many.
 * @throws AppError scim_path, scim_value, scim_target, scim_mutability, scim_too_large
 */
export function foldGroupPatch(operations: readonly Operation[]): GroupChange {
  const change: GroupChange = { replace: false, add: new Set(), remove: new Set() }
  for (const { op, path, value } of operations) {
    if (path !== undefined) applyAt(change, path, { op, value })
    else for (const [key, one] of byName(objectOf(value))) applyKey(change, key, { op, value: one })
    if (change.add.size + change.remove.size > maxMembers) throw tooMany()
  }
  return change
}

type Act = Pick<Operation, 'op' | 'value'>

function applyKey(change: GroupChange, name: string, act: Act): void {
  if (name === 'members') applyMembers(change, null, act)
  else if (name === 'displayname' || name === 'externalid') applyText(change, name, act)
}

function applyAt(change: GroupChange, text: string, act: Act): void {
  const { attribute, filter, sub } = parsePath(text)
  if (attribute === 'members' && sub === null) applyMembers(change, filter, act)
  else if (filter === null && (attribute === 'displayname' || attribute === 'externalid'))
    applyText(change, attribute, act)
  else if (attribute !== 'schemas') throw unchangeable(text, attribute)
}

function unchangeable(text: string, attribute: string) {
  if (attribute === 'id' || attribute === 'meta' || findAttribute(groupAttributes, attribute.split('.')[0] ?? ''))
    return scimFailure('scim_mutability', `“${text}” can’t be changed here.`)
  return scimFailure('scim_path', `There is no attribute “${text}”.`)
}

function applyText(change: GroupChange, name: 'displayname' | 'externalid', { op, value }: Act): void {
  if (name === 'externalid') change.externalId = op === 'remove' ? null : parseExternalId(value)
  else if (op === 'remove') throw scimFailure('scim_value', 'displayName is required.')
  else change.displayName = parseName(value)
}

function applyMembers(change: GroupChange, filter: Filter | null, { op, value }: Act): void {
  if (filter) {
    if (op !== 'remove') throw scimFailure('scim_path', 'Members can’t be changed. Add or remove them.')
    leave(change, selectedBy(filter))
  } else if (op === 'add') join(change, parseMembers(value))
  else if (op === 'remove' && value !== undefined && value !== null) leave(change, parseMembers(value))
  else {
    change.replace = true
    change.add = new Set(op === 'remove' ? [] : parseMembers(value ?? []))
    change.remove = new Set()
  }
}

function join({ add, remove }: GroupChange, members: readonly string[]): void {
  for (const member of members) {
    add.add(member)
    remove.delete(member)
  }
}

function leave({ add, remove }: GroupChange, members: readonly string[]): void {
  for (const member of members) {
    remove.add(member)
    add.delete(member)
  }
}

/** @returns the ids that `members[value eq "…" or …]` selects */
function selectedBy(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.of.flatMap(selectedBy)
  if (filter.kind === 'compare' && filter.path === 'value' && filter.operator === 'eq') return [idOf(filter.value)]
  throw scimFailure('scim_path', 'Select members with value eq "…".')
}

const memberValue = z.object({ value: z.string(), type: z.string().nullish() })

function parseMembers(given: unknown): string[] {
  const values = Array.isArray(given) ? given : [given]
  if (values.length > maxMembers) throw tooMany()
  return values.map((one) => {
    const parsed = memberValue.safeParse(typeof one === 'string' ? { value: one } : one)
    if (!parsed.success)
      throw scimFailure('scim_value', 'members: each must be an object with the id of a user as its value.')
    if ((parsed.data.type ?? 'User').toLowerCase() !== 'user')
      throw scimFailure('scim_value', 'members: groups can contain only users.')
    return idOf(parsed.data.value)
  })
}

const uuid = z.uuid()

function idOf(value: unknown): string {
  const parsed = uuid.safeParse(value)
  if (!parsed.success)
    throw scimFailure('scim_value', `members: there is no user with the id “${String(value).slice(0, 60)}”.`)
  return parsed.data.toLowerCase()
}

function parseName(value: unknown): string {
  const name = typeof value === 'string' ? value.trim() : ''
  if (name.length > maxNameLength || !isGroupName(name))
    throw scimFailure('scim_value', `displayName is required: a name of at most ${maxNameLength} visible characters.`)
  return name
}

function parseExternalId(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string' || value.length > maxIdLength || !isGroupName(value))
    throw scimFailure('scim_value', `externalId: a text of at most ${maxIdLength} visible characters is expected.`)
  return value
}

/** @returns an object's values by attribute name, in lower case */
const byName = (given: object): Map<string, unknown> =>
  new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase().split(':').at(-1) ?? '', value]))

function objectOf(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw scimFailure('scim_value', 'The value must be an object.')
}

const tooMany = () =>
  scimFailure('scim_too_large', `A request can change at most ${maxMembers} members. Split it into several requests.`)
