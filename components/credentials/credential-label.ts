import type { CredentialMarks } from '#lib/kernel/model/people/credential-view.ts'

type Labelled = CredentialMarks & { space: { name: string } | null }

/**
 * @param all the words for all of a person’s spaces
 * @returns which kubeconfig it is: `“laptop” for web-dev, spt_Ab12Cd`
 */
export function credentialLabel({ name, tokenStart, space }: Labelled, all = 'all your spaces'): string {
  const start = tokenStart === null ? '' : `, spt_${tokenStart}`
  return `${name === null ? '' : `“${name}” `}for ${space?.name ?? all}${start}`
}
