import { formDataOf } from '#components/ui/form/form-data-of.ts'
import type { SpaceAddress } from './space-path.ts'

/** @returns the fields of a form about a space (`SpaceFields`, and others) */
export const spaceForm = ({ name, cluster }: SpaceAddress, fields: Readonly<Record<string, string>>): FormData =>
  formDataOf({ space: name, ...(cluster && { cluster }), ...fields })
