import type { Excess } from '#lib/kernel/model/policy/policy.ts'
import type { Risk } from '#lib/kernel/model/requests/request-risk.ts'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'

export const riskLabels: Readonly<Record<Risk, string>> = {
  secrets: 'Secrets',
  shell: 'Shell',
  write: 'Write',
  grants: 'Grants permissions',
}

const excessLabels: Readonly<Record<Excess, string>> = {
  space_limit: 'Over the space limit',
  size_limit: 'Over the size limit',
}

/** @returns the risks as a phrase: "Secrets, shell, write"; null: none */
export function riskWords(risks: readonly Risk[]): string | null {
  const words = risks.map((risk) => riskLabels[risk]).join(', ')
  return words === '' ? null : words.charAt(0) + words.slice(1).toLowerCase()
}

/** @returns a label for each risk, in the order to check them */
export const chipLabels = ({ risks, excess }: Pick<RequestDetail, 'risks' | 'excess'>): string[] => [
  ...risks.map((risk) => riskLabels[risk]),
  ...excess.map((limit) => excessLabels[limit]),
]
