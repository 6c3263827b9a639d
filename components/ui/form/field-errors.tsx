'use client'

import { createContext, useContext } from 'react'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'

type FormErrors = {
  /** null: the form has no expected error. */
  code: ErrorCode | null
  /** By input name. */
  fields: Readonly<Record<string, string>>
}

/** Errors of the enclosing form. Set by ActionForm. */
export const FieldErrors = createContext<FormErrors>({ code: null, fields: {} })

/** @returns why the enclosing form was refused; null: it wasn’t */
export const useFormError = (): ErrorCode | null => useContext(FieldErrors).code

export const useFieldError = (name: string | undefined): string | undefined => {
  const { fields } = useContext(FieldErrors)
  return name === undefined ? undefined : fields[name]
}
