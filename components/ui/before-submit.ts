'use client'

import { createContext, useContext, useEffect, useRef } from 'react'

/**
 * What a field does before its form is sent: it may complete what is sent, and take its time. False keeps the form from
 * being sent; then the field says why. Never rejects.
 */
export type SubmitStep = (form: FormData) => boolean | Promise<boolean>

/** The steps of the fields of the form around. Set by ActionForm. */
export const BeforeSubmit = createContext<Set<SubmitStep> | null>(null)

/** Lets a field in on the sending of the form around it; outside of one nothing happens. */
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
