import { isSecretName, mask, maskText } from './mask-text.ts'

const maxFlag = 200

/** Written by machines and useless to a reader; the annotation repeats the whole object, unmasked. */
const applied = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Masks secrets in an object for the screen, which more people see than a terminal. People who may read the object can
 * see the values with kubectl.
 * @returns a copy without managedFields, with values that look secret masked, and their number
 */
export function maskManifest(object: unknown): { object: unknown; masked: number } {
  let masked = 0
  const hide = () => {
    masked++
    return mask
  }
  const inText = (text: string): string => maskText(text, hide)
  const argument = (text: unknown, previous: unknown): unknown => {
    if (typeof text !== 'string') return walk(text)
    if (isSecretFlag(previous) && !text.startsWith('-')) return hide()
    const end = text.indexOf('=')
    return end > 0 && isSecretFlag(text.slice(0, end)) ? `${text.slice(0, end)}=${hide()}` : inText(text)
  }
  const annotations = (all: object) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([key]) => key !== applied)
        .map(([key, text]) => [key, isSecretName(key.slice(key.indexOf('/') + 1)) ? hide() : walk(text)]),
    )
  function walk(value: unknown): unknown {
    if (typeof value === 'string') return inText(value)
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    const named = 'name' in value && typeof value.name === 'string' && isSecretName(value.name)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'managedFields')
        .map(([key, inner]) => {
          if (key === 'value' && named && typeof inner === 'string') return [key, hide()]
          if ((key === 'args' || key === 'command') && Array.isArray(inner))
            return [key, inner.map((one, at) => argument(one, inner[at - 1]))]
          if (key === 'annotations' && typeof inner === 'object' && inner !== null) return [key, annotations(inner)]
          return [key, walk(inner)]
        }),
    )
  }
  return { object: walk(object), masked }
}

const isSecretFlag = (text: unknown): boolean =>
  typeof text === 'string' &&
  text.startsWith('-') &&
  text.length <= maxFlag &&
  !text.includes('=') &&
  isSecretName(text)
