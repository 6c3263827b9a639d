import 'server-only'
import { cookies } from 'next/headers'
import { hidesSteps, stepsCookie } from '#lib/features/spaces/model/first-steps.ts'

/** @returns whether the list of first steps is hidden in this browser */
export const readHidesSteps = async (): Promise<boolean> => (await cookies()).get(stepsCookie)?.value === hidesSteps
