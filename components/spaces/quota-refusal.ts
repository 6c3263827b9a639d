import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import { amountText, quotaLabel, shareText } from './quota-words.ts'

/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go */
const refusal = /exceeded quota: \S+, requested: (\S+), used: (\S+), limited: (\S+)/

/**
 * @param message 'pods "web-1" is forbidden: exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20'
 * @returns "Pods: 20 of 20 used, 1 more needed."; empty if the message is another one
 */
export function quotaRefusalInWords(message: string): string {
  const [, requested = '', used = '', limited = ''] = refusal.exec(message) ?? []
  const [needed, held, most] = [amountsOf(requested), amountsOf(used), amountsOf(limited)]
  return [...needed]
    .map(([resource, amount]) => {
      const share = shareText(resource, held.get(resource) ?? 0, most.get(resource) ?? 0)
      return `${quotaLabel(resource)}: ${share} used, ${amountText(resource, amount)} more needed.`
    })
    .join(' ')
}

const amountsOf = (text: string): Map<string, number> =>
  new Map(
    text.split(',').flatMap((part): [string, number][] => {
      const [resource = '', amount = ''] = part.split('=')
      const value = parseQuantity(amount)
      return value === undefined ? [] : [[resource, value]]
    }),
  )
