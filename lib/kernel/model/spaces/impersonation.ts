import { emailExtra, personUserName } from './cluster-names.ts'

/**
 * The headers that make an API server act as a person, shared by gateway and broker so that a person has one identity
 * in the cluster's audit log. An email address must never end its header or start another.
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation)
 * @returns alternating header names and values
 */
export function renderImpersonation(person: { handle: string; email: string }): string[] {
  const headers = ['Impersonate-User', personUserName(person.handle)]
  const email = headerText(person.email)
  if (email !== '') headers.push(`Impersonate-Extra-${encodeURIComponent(emailExtra)}`, email)
  return headers
}

/** A header's value is printable ASCII; all else is percent-encoded. */
const headerText = (text: string): string =>
  text.toWellFormed().replace(/[^\x21-\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character))
