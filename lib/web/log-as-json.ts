/**
 * Turns each line of the portal’s log into JSON, as lib/observability/logger.ts does: Next's messages, errors with
 * their stacks, and Node's warnings. The build’s server.js (dev/build/build-web.ts) loads it before Next. It imports
 * only from Node, since images contain no other source of the portal.
 */
import { format, stripVTControlCharacters } from 'node:util'

const levels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: Number.POSITIVE_INFINITY }
const isLevel = (text: string): text is keyof typeof levels => Object.hasOwn(levels, text)

// biome-ignore lint/style/noProcessEnv: lib/config isn't loaded yet; it refuses a wrong value later
const configured = process.env.LOG_LEVEL ?? 'info'
const least = isLevel(configured) ? levels[configured] : levels.info
const maxText = 4_000

const inLog = (error: Error) => ({
  name: error.name,
  message: error.message.slice(0, maxText),
  stack: error.stack?.slice(0, 2 * maxText),
})

/** Errors that the portal has already logged with more details (lib/web/request/log-request-error.ts). */
const isLogged = (error: Error): boolean => {
  const { [Symbol.for('spaceport.logged')]: logged } = globalThis as { [key: symbol]: WeakSet<Error> | undefined }
  return logged?.has(error) === true
}

function write(level: number, parts: unknown[]): void {
  if (level < least) return
  const error = parts.find((part) => part instanceof Error)
  if (error && isLogged(error)) return
  const words = parts.map((part) => (part instanceof Error ? part.message : part))
  const msg = stripVTControlCharacters(format(...words)).trim()
  if (msg === '') return
  const line = { level, time: new Date().toISOString(), process: 'web', ...(error && { error: inLog(error) }) }
  process.stdout.write(`${JSON.stringify({ ...line, msg: msg.slice(0, maxText) })}\n`)
}

for (const [method, level] of [
  ['debug', levels.debug],
  ['trace', levels.debug],
  ['log', levels.info],
  ['info', levels.info],
  ['warn', levels.warn],
  ['error', levels.error],
] as const)
  console[method] = (...parts: unknown[]) => write(level, parts)

process.removeAllListeners('warning')
process.on('warning', (warning) => write(levels.warn, [warning]))
