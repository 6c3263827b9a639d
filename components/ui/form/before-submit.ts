'use client'

import { createContext, useContext, useEffect, useRef } from 'react'

/**
 * Runs before a form is submitted. It may change the data, and may be asynchronous. False cancels the submit, and the
 * field shows the reason. Never rejects.
 */
export type SubmitStep = (form: FormData) => boolean | Promise<boolean>

/** Steps of the enclosing form's fields. Set by ActionForm. */
export const BeforeSubmit = createContext<Set<SubmitStep> | null>(null)

/** Runs a step before the enclosing form is submitted. No effect outside a form. */
export function useBeforeSubmit(step: SubmitStep): void {
  const steps = useContext(BeforeSubmit)
  const latest = useRef(step)
  latest.current = step
  useEffect(() => {
    const run: SubmitStep = (form) => latest.current(form)
    steps?.add(run)
    return () => void steps?.delete(run)
  }, [steps])
}
