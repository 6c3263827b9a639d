import type { SubjectAttribute } from '#lib/kernel/model/people/provider.ts'
import type { Attribute, Data } from './attribute.ts'
import { own } from './attribute.ts'
import { isList, parseData } from './parse-data.ts'
import { scimFailure } from './scim-failure.ts'
import { enterprise, userAttributes } from './user-schema.ts'

/**
 * A user in a provider's request. `attributes` has all attributes without a field here; the extension is under its URN.
 */
export type User = {
  userName: string
  externalId: string | undefined
  displayName: string | undefined
  /** undefined: absent */
  active: boolean | undefined
  attributes: Data
}

const maxKeyLength = 256
/** Size limit of all stored attributes, as JSON. */
export const maxTotalLength = 32_000

/** @returns the attributes that a user may have, including the extension */
export const allUserAttributes = (subject: SubjectAttribute): readonly Attribute[] => [
  ...userAttributes(subject),
  enterprise,
]

/** @throws AppError scim_value */
export const parseUser = (body: object, subject: SubjectAttribute): User =>
  userOf(parseData(body, allUserAttributes(subject)))

/**
 * @returns the user in a parsed resource
 * @throws AppError scim_value if it is invalid
 */
export function userOf(data: Data): User {
  const { userName, externalId, displayName, active, ...attributes } = data
  const user = {
    userName: textOf(userName) ?? '',
    externalId: textOf(externalId),
    displayName: textOf(displayName),
    active: typeof active === 'boolean' ? active : undefined,
    attributes,
  }
  if (user.userName.trim() === '') throw scimFailure('scim_value', 'userName is required.')
  for (const [name, value] of Object.entries({ userName: user.userName, displayName: user.displayName }))
    if ((value?.length ?? 0) > maxKeyLength)
      throw scimFailure('scim_value', `${name} is longer than ${maxKeyLength} characters.`)
  if (JSON.stringify(attributes).length > maxTotalLength)
    throw scimFailure('scim_value', `The user has more than ${maxTotalLength} characters.`)
  return user
}

/** @returns the resource that a patch is applied to */
export const dataOfUser = ({ userName, externalId, displayName, active, attributes }: User): Data => ({
  ...attributes,
  userName,
  ...(externalId !== undefined && { externalId }),
  ...(displayName !== undefined && { displayName }),
  ...(active !== undefined && { active }),
})

/**
 * The user's subject at the provider (OpenID Connect Core 1.0, section 2: ASCII).
 * @throws AppError scim_value
 */
export function subjectOf(user: User, attribute: SubjectAttribute): string {
  const subject = user[attribute] ?? ''
  if (!/^[\x21-\x7e]{1,255}$/.test(subject))
    throw scimFailure(
      'scim_value',
      `${attribute} is required: it must match the claim of OIDC_SUBJECT_CLAIM at sign-in, in 1 to 255 ASCII characters without spaces.`,
    )
  return subject
}

/** @returns the display name */
export function nameOfUser({ displayName, userName, attributes }: User): string {
  const name = own(attributes, 'name')
  const parts = typeof name === 'object' && !isList(name) ? name : {}
  const given = [textOf(own(parts, 'givenName')), textOf(own(parts, 'familyName'))].filter(Boolean).join(' ')
  return (displayName || textOf(own(parts, 'formatted')) || given || userName).slice(0, 200).trim()
}

/** @returns the primary address, else the work address, else the first; '' without any */
export function emailOfUser({ attributes }: User): string {
  const value = own(attributes, 'emails')
  const emails = value !== undefined && isList(value) ? value : []
  const email =
    emails.find((one) => own(one, 'primary') === true) ?? emails.find((one) => own(one, 'type') === 'work') ?? emails[0]
  return (email ? (textOf(own(email, 'value')) ?? '') : '').slice(0, 320)
}

const textOf = (value: Data[string] | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
