import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'

const usualHours = [1, 8, 24, 7 * 24, 30 * 24] as const

type Lifetimes = { defaultHours: number; maxHours: number }
export type LifetimeOption = { value: string; label: string }

/** @returns the chosen lifetime if it is offered, else the default */
export const chosenLifetime = (
  options: readonly LifetimeOption[],
  requested: string | undefined,
  usual: number,
): number => (options.some(({ value }) => value === requested) ? Number(requested) : usual)

/** @returns the lifetimes a kubeconfig can have, shortest first, always including the default and the maximum */
export function lifetimeOptions({ defaultHours, maxHours }: Lifetimes): LifetimeOption[] {
  return [...new Set([...usualHours, defaultHours, maxHours])]
    .filter((hours) => hours <= maxHours)
    .sort((a, b) => a - b)
    .map((hours) => ({ value: String(hours), label: minutesInWords(hours * 60) }))
}
