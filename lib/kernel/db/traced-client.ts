import pg from 'pg'
import { beginPart, tracingState } from '#lib/observability/tracing.ts'
import { mark } from './plan-name.ts'

/**
 * A Postgres client that traces its statements; pg’s own if tracing is off. Traces only operation and table, never a
 * statement's text or values.
 */
export const clientClass = (): typeof pg.Client => (tracingState().tracer ? TracedClient : pg.Client)

type Done = (error: unknown, result: unknown) => void

class TracedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const query = this.query.bind(this) as (...args: unknown[]) => unknown
    Object.assign(this, {
      query: (...args: unknown[]) => {
        const summary = summarize(textOf(args[0]))
        const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary }
        const end = beginPart(summary, { kind: 'client', attributes })
        if (!end) return query(...args)
        const done = args.at(-1)
        if (typeof done === 'function') {
          const ended: Done = (error, result) => {
            end(error)
            ;(done as Done)(error, result)
          }
          return query(...args.slice(0, -1), ended)
        }
        const result = query(...args)
        if (result instanceof Promise) result.then(() => end(), end)
        else end()
        return result
      },
    })
  }
}

function textOf(asked: unknown): string {
  if (typeof asked === 'string') return asked
  return typeof asked === 'object' && asked !== null && 'text' in asked && typeof asked.text === 'string'
    ? asked.text
    : ''
}

/** Only the beginning of a longer statement is read. */
const maxRead = 2_000

/**
 * @returns a statement’s own name (`insert-space`), or its operation and the first table, if any: `SELECT space`,
 * `BEGIN`
 */
export function summarize(statement: string): string {
  const text = statement.slice(0, maxRead)
  const name = mark.exec(text)?.[1]
  if (name !== undefined) return name
  const verb = /^[\s(]*([a-z]{1,20})/i.exec(text)?.[1]?.toUpperCase() ?? 'STATEMENT'
  const table = /\b(?:from|into|update|join)\s+(?:only\s+)?(?:"?public"?\.)?"?([a-z_]{1,63})\b/i.exec(text)?.[1]
  return table ? `${verb} ${table.toLowerCase()}` : verb
}
