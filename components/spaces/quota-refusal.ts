import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import { amountText, quotaInSentence } from './quota-words.ts'

/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go */
const refusal = /exceeded quota: \S+, requested: (\S+), used: /

/**
 * @param message 'pods "web-1" is forbidden: exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20'
 * @returns "Each pod needs CPU requests of 1.5 CPUs."; empty if the message is another one. Amounts in use are left out:
 *   they are as old as the refusal
 */
export function quotaRefusalInWords(message: string): string {
  const [, requested] = refusal.exec(message) ?? []
  if (requested === undefined) return ''
  const needed = requested.split(',').flatMap((part) => {
    const [resource = '', amount = ''] = part.split('=')
    const value = parseQuantity(amount)
    return value === undefined || isPodCount(resource)
      ? []
      : [`${quotaInSentence(resource)} of ${amountText(resource, value)}`]
  })
  if (needed.length === 0) return 'No more pods fit.'
  const what = message.startsWith('persistentvolumeclaims ') ? 'volume' : 'pod'
  return `Each ${what} needs ${new Intl.ListFormat('en').format(needed)}.`
}

const isPodCount = (resource: string) => resource === 'pods' || resource === 'count/pods'
