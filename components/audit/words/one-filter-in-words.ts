import { spanLabels } from './span-labels.ts'

const names: Readonly<Record<string, string>> = {
  personId: 'person',
  spaceId: 'space',
  credentialId: 'kubeconfig',
  text: 'containing',
}

/**
 * @param actionLabel the label of an action
 * @returns one filter in words: `person alice`, `action “Created a space”`
 */
export function oneFilterInWords(name: string, value: unknown, actionLabel: (action: string) => string): string {
  const text = String(value)
    .replace(/:\d\d\.\d{3}Z$/, ' UTC')
    .replace(/(\d)T(\d)/, '$1 $2')
  if (name === 'within') return spanLabels.find((span) => span.value === text)?.label.toLowerCase() ?? text
  if (name === 'route' && text === 'around') return 'bypassed the gateway'
  const shown = name === 'action' ? `“${actionLabel(text)}”` : name === 'text' ? `“${text}”` : text
  return `${names[name] ?? name} ${shown}`
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
