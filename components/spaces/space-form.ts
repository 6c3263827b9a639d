import { formDataOf } from '#components/ui/form/form-data-of.ts'
import type { SpaceAddress } from './space-path.ts'

/** @returns what a form about a space sends (`SpaceFields`, and other fields) */
export const spaceForm = ({ name, cluster }: SpaceAddress, fields: Readonly<Record<string, string>>): FormData =>
  formDataOf({ space: name, ...(cluster && { cluster }), ...fields })
