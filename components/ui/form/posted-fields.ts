'use client'

import { createContext, useContext } from 'react'

/**
 * The fields that the enclosing form sent without scripts, by input name, if it was refused. Inputs start with them on
 * the page that shows the error. Set by ActionForm.
 */
export const PostedFields = createContext<Readonly<Record<string, string>> | undefined>(undefined)

/** @returns the text that was sent for an input; undefined: none */
export const usePostedField = (name: string | undefined): string | undefined => {
  const posted = useContext(PostedFields)
  return name === undefined ? undefined : posted?.[name]
}

/** @returns the props of an input, which starts with the text that was sent unless its value is controlled */
export function usePostedDefault<P extends { value?: unknown; defaultValue?: unknown }>(
  name: string | undefined,
  input: P,
): P {
  const posted = usePostedField(name)
  return posted === undefined || input.value !== undefined ? input : { ...input, defaultValue: posted }
}

/** @returns whether a checkbox starts checked. Forms send only those that are. */
export function usePostedCheck(name: string, otherwise: boolean): boolean {
  const posted = useContext(PostedFields)
  return posted ? name in posted : otherwise
}
