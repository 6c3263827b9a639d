/** A received mail, for tests and the page. */
export type ReceivedMail = {
  /** The envelope: the real recipients. */
  to: string[]
  subject: string
  messageId: string
  /** As received, with folded lines joined. */
  headers: string[]
  text: string
  at: string
}

/** Parses what our own mailer sends: one text part, in 7bit, quoted-printable or base64. */
export function parseMail(raw: string, to: readonly string[], at: Date): ReceivedMail {
  const end = raw.indexOf('\r\n\r\n')
  const headers = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const header = (name: string) =>
    headers.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
  return {
    to: [...to],
    subject: decodeWords(header('subject')),
    messageId: header('message-id'),
    headers,
    text: decodeBody(raw.slice(end + 4), header('content-transfer-encoding')).replaceAll('\r\n', '\n'),
    at: at.toISOString(),
  }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  return encoding === 'quoted-printable' ? decodeQuoted(body.replace(/=\r\n/g, '')) : body
}

const decodeQuoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

/** Encoded words in a header (RFC 2047, section 2). */
const decodeWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/(?:=\?utf-8\?[QB]\?[^?]*\?=)+/gi, (words) =>
      Buffer.concat(
        [...words.matchAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi)].map(([, kind = '', word = '']) =>
          kind.toUpperCase() === 'B'
            ? Buffer.from(word, 'base64')
            : Buffer.from(decodeQuoted(word.replaceAll('_', ' ')), 'utf8'),
        ),
      ).toString('utf8'),
    )
