import type { SpaceAddress } from './space-path.ts'

/** @returns what a form about a space sends (`SpaceFields`, and other fields), for acts that no form on the page is about */
export function spaceForm({ name, cluster }: SpaceAddress, fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  form.set('space', name)
  if (cluster) form.set('cluster', cluster)
  for (const [field, value] of Object.entries(fields)) form.set(field, value)
  return form
}
