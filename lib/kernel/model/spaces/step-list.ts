import type { Step, StepName } from './space-status.ts'

export const waitingSteps = (names: readonly StepName[]): Step[] => names.map((name) => ({ name, state: 'waiting' }))

export function moveStep(
  steps: readonly Step[],
  name: StepName,
  state: Step['state'],
  at: Date,
  why?: { code: string; message: string },
): Step[] {
  return steps.map((step) => (step.name === name ? { name, state, at: at.toISOString(), ...why } : step))
}
