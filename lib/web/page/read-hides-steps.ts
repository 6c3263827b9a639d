import 'server-only'
import { cookies } from 'next/headers'
import { hidesSteps, stepsCookie } from '#lib/features/spaces/model/first-steps.ts'

/** @returns whether somebody wants no list of first steps in this browser */
export const readHidesSteps = async (): Promise<boolean> => (await cookies()).get(stepsCookie)?.value === hidesSteps
