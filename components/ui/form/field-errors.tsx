'use client'

import { createContext, useContext } from 'react'

/** Errors of the enclosing form by input name. Set by ActionForm. */
export const FieldErrors = createContext<Readonly<Record<string, string>>>({})

export const useFieldError = (name: string | undefined): string | undefined => {
  const errors = useContext(FieldErrors)
  return name === undefined ? undefined : errors[name]
}
