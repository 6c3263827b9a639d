import { emailExtra, personUserName } from '#lib/domain/cluster-names.ts'

/**
 * The only identity under which anything of a person's goes upstream
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation).
 * @returns header names and values in turn
 */
export function renderImpersonation(person: { handle: string; email: string }): string[] {
  const headers = ['Impersonate-User', personUserName(person.handle)]
  const email = headerText(person.email)
  if (email !== '') headers.push(`Impersonate-Extra-${encodeURIComponent(emailExtra)}`, email)
  return headers
}

/** A header's value is printable ASCII; the rest is percent-encoded. */
const headerText = (text: string): string =>
  text.toWellFormed().replace(/[^\x21-\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character))
