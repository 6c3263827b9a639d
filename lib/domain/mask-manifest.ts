/** What stands for a value that looks secret. */
const mask = '••••••'

const secretName =
  /pass(word|wd|phrase)?|secret|token|credential|private|(api|access|auth|encryption|signing)[_.-]?key/i
const secretFlag = /pass(word|wd|phrase)?|secret|token|credential|api-?key/i
/** No flag is longer. */
const maxFlag = 200
/** RFC 3986, section 3.2.1: `://user:password@`. It begins where nothing else can, so that long texts take no longer. */
const userInfo = /(:\/\/[^\s:/@]*:)[^\s@/]+@/g

/** Written by machines, of no use to a reader; the annotation repeats the whole object, unmasked. */
const applied = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Makes an object fit to be shown: a screen is seen by more people than a terminal. Who may read the object may read
 * what is masked with kubectl.
 * @returns a copy without managedFields, with values that look secret masked, and how many those are
 */
export function maskManifest(object: unknown): { object: unknown; masked: number } {
  let masked = 0
  const hide = () => {
    masked++
    return mask
  }
  const inText = (text: string): string => text.replace(userInfo, (_, before: string) => `${before}${hide()}@`)
  const argument = (text: unknown, previous: unknown): unknown => {
    if (typeof text !== 'string') return walk(text)
    if (isSecretFlag(previous) && !text.startsWith('-')) return hide()
    const end = text.indexOf('=')
    return end > 0 && isSecretFlag(text.slice(0, end)) ? `${text.slice(0, end)}=${hide()}` : inText(text)
  }
  function walk(value: unknown): unknown {
    if (typeof value === 'string') return inText(value)
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    const named = 'name' in value && typeof value.name === 'string' && secretName.test(value.name)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'managedFields' && key !== applied)
        .map(([key, inner]) => {
          if (key === 'value' && named && typeof inner === 'string') return [key, hide()]
          if ((key === 'args' || key === 'command') && Array.isArray(inner))
            return [key, inner.map((one, at) => argument(one, inner[at - 1]))]
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
  secretFlag.test(text)
