/**
 * Finds secrets in texts on a page: an argument, the value of a variable, an annotation. Must take linear time for any
 * text, because members of a space write it.
 */

export const mask = '••••••'

const anywhere =
  /pass(word|wd|phrase)?|pwd|secret|token|credential|private|signature|connection[_.-]?string|dockerconfig|kubeconfig/i
const keys =
  /(api|access|auth|account|encryption|signing|shared|master|storage|session|service|license|hmac)[_.-]?key|(^|[_.-])(?<!(public|primary|foreign|partition|sort|routing|object|index)[_.-])key$/i
/** Too short to count within another word: `PATH` and `design` are no secrets. */
const words = /(^|[^a-z])(pat|dsn|sas|sig|jwt|hmac|bearer|webhook|(auth|authorization)$)($|[^a-z])/i
const camelWords = /[a-z0-9](Pat|Dsn|Sas|Sig|Jwt|Hmac|Auth|PAT|DSN|SAS|JWT)($|[^a-z])/

/** @returns whether the value of this name (a variable, a key, a parameter, a flag) is likely to be secret */
export const isSecretName = (name: string): boolean =>
  anywhere.test(name) || keys.test(name) || words.test(name) || camelWords.test(name)

const maxJson = 262_144
const maxDepth = 64

/** RFC 3986, section 3.2.1: `://user:password@`. A slash isn't allowed there, but some drivers accept it. */
const userInfo = /(:\/\/[^\s:/@"']*:)(?!\d{0,5}(?:[/?#\s"',]|$))(?:[^\s@/"']+|[^\s@"']{1,256})@(?:[^\s@/"']{0,256}@)?/g
/** A key alone before the host, as in Sentry's DSN. */
const userKey = /(:\/\/)[^\s:/@"']{16,256}@/g
/** `user:password@tcp(host)/database`, the DSN of Go's MySQL driver. */
const goDsn = /(?<![^\s"'=])([\w.-]{1,64}:)[^\s@"']{1,256}@(?=\w{1,16}\()/g
/** Oracle's `user/password@//host/service`. */
const oracleDsn = /(?<![\w.-])([\w.-]{1,64}\/)[^\s@"'/]{1,256}@(?=\/\/)/g

/** Secrets with a recognizable format. */
const formats = new RegExp(
  [
    String.raw`\bgh[pousr]_\w{20,255}`,
    String.raw`\bgithub_pat_\w{20,255}`,
    String.raw`\bgl(?:pat|ptt|dt|rt)-[\w-]{20,255}`,
    String.raw`\bxox[abposr]-[\w-]{10,255}`,
    String.raw`\b[sr]k_live_\w{10,255}`,
    String.raw`\bnpm_\w{36}`,
    String.raw`\bsp[tsa]_[\w-]{20,255}`,
    // Only near the beginning of a run: otherwise each `-eyJ` in it would read the rest again.
    String.raw`\beyJ(?<=(?<![\w-])(?:[\w-]{0,64}-)?eyJ)[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]{0,4096}`,
    String.raw`(?<=://hooks\.slack\.com/(?:services|workflows|triggers)/)[\w/-]{8,255}`,
    String.raw`(?<=://(?:\w{1,20}\.)?discord(?:app)?\.com/api/webhooks/)[\w/-]{8,255}`,
  ].join('|'),
  'g',
)
const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/

/** A name and its separator from the value: `name=`, `name: `, `"name":`, `--name `. */
const assignment = /(?<![\w.-])([\w.-]{1,200})(\\{0,8}["']\s{0,8}[:=]\s{0,8}|\s{0,4}=\s{0,4}|:\s{1,8}|\s{1,8})/g
const quote = /\\{0,8}["']/y
const scheme = /(?:bearer|basic|token|digest|negotiate)\s{1,8}/iy
const bare = /[^\s;&"'\\]+/y
/** Also a reference to another variable. */
const noSecret = /^(?:true|false|null|none|undefined)[}\],]*$|^[$](?:\([\w.-]*\)|\{[\w.-]*\})$/i

/** Returns the replacement for a secret, and counts it. */
export type Hide = () => string

/** @returns the text with its secrets hidden. JSON with hidden values is formatted again */
export function maskText(text: string, hide: Hide): string {
  const json = parseJson(text)
  if (json !== undefined) {
    let hidden = 0
    const counted = () => {
      hidden++
      return hide()
    }
    const shown = maskJson(json, counted, { secret: false, depth: 0 })
    if (hidden > 0) return JSON.stringify(shown, null, text.includes('\n') ? 2 : 0)
  }
  const key = privateKey.exec(text)
  if (key) return `${maskText(text.slice(0, key.index), hide)}${hide()}`
  const assigned = maskAssigned(text, hide)
  const dsns = assigned.includes('@') ? [userInfo, userKey, goDsn, oracleDsn] : []
  return dsns
    .reduce((rest, dsn) => rest.replace(dsn, (_, before: string) => `${before}${hide()}@`), assigned)
    .replace(formats, hide)
}

function maskAssigned(text: string, hide: Hide): string {
  let shown = ''
  let from = 0
  assignment.lastIndex = 0
  for (let found = assignment.exec(text); found; found = assignment.exec(text)) {
    const [all, name = '', separator = ''] = found
    const isFlag = name.startsWith('-')
    if (!isSecretName(name) || (separator.trim() === '' && !isFlag)) continue
    const { start, end } = valueAt(text, found.index + all.length)
    const value = text.slice(start, end)
    if (value === '' || noSecret.test(value) || (separator.trim() === '' && value.startsWith('-'))) continue
    shown += text.slice(from, start) + hide()
    from = end
    assignment.lastIndex = end
  }
  return shown + text.slice(from)
}

/** The start and end of the value. An unclosed quote extends to the end of the text. */
function valueAt(text: string, at: number): { start: number; end: number } {
  const opened = matchAt(quote, text, at)
  const inner = at + opened.length
  const start = inner + matchAt(scheme, text, inner).length
  if (opened === '') return { start, end: start + matchAt(bare, text, start).length }
  const plain = opened.length === 1
  let end = text.indexOf(opened, start)
  while (plain && opened === '"' && end > 0 && text[end - 1] === '\\') end = text.indexOf(opened, end + 1)
  return { start, end: end < 0 ? text.length : end }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

function parseJson(text: string): object | undefined {
  if (text.length > maxJson || !/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** @param within.secret whether a secret name leads to the value */
function maskJson(value: unknown, hide: Hide, within: { secret: boolean; depth: number }): unknown {
  if (value === '' || value === null || typeof value === 'boolean') return value
  if (typeof value !== 'object')
    return within.secret ? hide() : typeof value === 'string' ? maskText(value, hide) : value
  const depth = within.depth + 1
  if (depth > maxDepth) return hide()
  if (Array.isArray(value)) return value.map((one) => maskJson(one, hide, { secret: within.secret, depth }))
  const named = 'name' in value && typeof value.name === 'string' && isSecretName(value.name)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const secret = within.secret || isSecretName(key) || (named && key === 'value')
      return [key, maskJson(inner, hide, { secret, depth })]
    }),
  )
}
