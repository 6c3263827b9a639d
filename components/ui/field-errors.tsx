'use client'

import { createContext, useContext } from 'react'

/** What is wrong with each input of the form around, by the input's name. Set by ActionForm. */
export const FieldErrors = createContext<Readonly<Record<string, string>>>({})

/** @returns what the form's action found wrong with an input */
export const useFieldError = (name: string | undefined): string | undefined => {
  const errors = useContext(FieldErrors)
  return name === undefined ? undefined : errors[name]
}
