'use client'

import { createContext, useContext } from 'react'

/**
 * What the enclosing form sent without scripts, by input name, if it was refused: the page was rendered anew, and its
 * inputs start with it. Set by ActionForm.
 */
export const PostedFields = createContext<Readonly<Record<string, string>> | undefined>(undefined)

/** @returns the text that an input starts with; undefined: nothing was sent */
export const usePostedField = (name: string | undefined): string | undefined => {
  const posted = useContext(PostedFields)
  return name === undefined ? undefined : posted?.[name]
}

/** @returns whether a checkbox starts checked. Forms send only those that are. */
export function usePostedCheck(name: string, otherwise: boolean): boolean {
  const posted = useContext(PostedFields)
  return posted ? name in posted : otherwise
}
