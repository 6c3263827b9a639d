import 'server-only'
import { cookies } from 'next/headers'
import { hidesSteps, stepsCookie } from '#lib/features/spaces/model/first-steps.ts'

export const readHidesSteps = async (): Promise<boolean> => (await cookies()).get(stepsCookie)?.value === hidesSteps
