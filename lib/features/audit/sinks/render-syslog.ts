import type { CloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import type { RenderedEvent } from './trail-sink.ts'

/** RFC 5424, table 1: log audit. */
const facility = 13
/** RFC 5424, table 2. */
const severities = { failed: 3, refused: 4, ok: 6 } as const
const informational = 6
const warning = 4

/**
 * The enterprise number for documentation (RFC 5612). Spaceport has no number, and names without one are reserved
 * for IANA (RFC 5424, section 6.3.2).
 */
const elementId = 'spaceport@32473'
const nil = '-'
const byteOrderMark = '\ufeff'
/** RFC 5424, section 6: the maximum length of each field. */
const max = { hostname: 255, procId: 128, msgId: 32, value: 1_000 } as const

/** PRINTUSASCII (RFC 5424, section 6): only %d33-126, at least one. */
const clamp = (text: string, length: number): string => text.replace(/[^\x21-\x7e]+/g, '_').slice(0, length) || nil

/**
 * PARAM-VALUE (RFC 5424, section 6.3.3): UTF-8, with `"`, `\` and `]` escaped. It allows control characters; these are
 * replaced here.
 */
const quoted = (value: string): string =>
  `"${value
    .slice(0, max.value)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\ufffd')
    .replace(/["\\\]]/g, '\\$&')}"`

function severityOf({ outcome, route }: CloudEvent): number {
  if (route === 'around') return warning
  return outcome === 'failed' || outcome === 'refused' || outcome === 'ok' ? severities[outcome] : informational
}

/** Attributes that SIEMs filter by before they parse the message. */
const params = ['sequence', 'outcome', 'route', 'actor', 'source'] as const

function structuredData(event: CloudEvent): string {
  const given: Record<(typeof params)[number], unknown> = {
    sequence: event.sequence,
    outcome: event.outcome,
    route: event.route,
    actor: event.actor,
    source: event.sourceaddress,
  }
  const parts = [` id=${quoted(event.id)}`]
  for (const name of params) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') parts.push(` ${name}=${quoted(value)}`)
  }
  return `[${elementId}${parts.join('')}]`
}

/**
 * @param rendered the event’s attributes `observer`, `outcome`, `route`, `sequence`, `actor` and `sourceaddress` go
 * into the header and the structured data, if set
 * @param hostname of the portal
 * @returns a syslog message (RFC 5424) with the event as its text. The header is printable ASCII; the text is UTF-8
 * after a byte order mark (section 6.4).
 */
export function renderSyslog({ event, text }: RenderedEvent, hostname: string): Buffer {
  const { observer } = event
  const header = [
    `<${facility * 8 + severityOf(event)}>1`,
    clamp(event.time, 32),
    clamp(hostname, max.hostname),
    'spaceport',
    typeof observer === 'string' ? clamp(observer, max.procId) : nil,
    clamp(event.type.replace(/^dev\.spaceport\.(audit\.)?/, ''), max.msgId),
    structuredData(event),
  ].join(' ')
  return Buffer.from(`${header} ${byteOrderMark}${text}`)
}

/** @returns the message as framed for TLS: its length in octets, a space, the message (RFC 5425, section 4.3) */
export const frame = (message: Buffer): Buffer => Buffer.concat([Buffer.from(`${message.length} `), message])
