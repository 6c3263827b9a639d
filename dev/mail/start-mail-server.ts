import { createServer } from 'node:http'
import { SMTPServer } from 'smtp-server'
import { isLoopback } from '#lib/config/is-loopback.ts'
import { parseMail, type ReceivedMail } from './parse-mail.ts'
import { contentSecurityPolicy, renderMails } from './render-mails.ts'

const kept = 500
const largest = 1_000_000

type Options = {
  smtpPort: number
  /** Undefined: no page. */
  pagePort?: number
  /** The server's refusal for a recipient: a status and its text. */
  refuse?: (recipient: string) => { status: number; text: string } | undefined
  /** The required login; undefined: none. */
  login?: { user: string; password: string }
}

/** A mail server on this machine that delivers nothing: it keeps what it gets, and shows it on a page. */
export async function startMailServer({ smtpPort, pagePort, refuse, login }: Options) {
  const mails: ReceivedMail[] = []
  const smtp = new SMTPServer({
    // Like a server without encryption, because the traffic stays on this machine.
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authOptional: !login,
    allowInsecureAuth: true,
    size: largest,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, callback) =>
      username === login?.user && password === login?.password
        ? callback(null, { user: username })
        : callback(new Error('wrong password')),
    onRcptTo({ address }, _session, callback) {
      const refusal = refuse?.(address)
      callback(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.status }))
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.once('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        mails.unshift(parseMail(Buffer.concat(chunks).toString('utf8'), to, new Date()))
        mails.length = Math.min(mails.length, kept)
        callback()
      })
    },
  })
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject)
    smtp.listen(smtpPort, '127.0.0.1', resolve)
  })
  // A client that disconnects in the middle of a mail must not end the process.
  smtp.on('error', () => {})

  const page = createServer((request, response) => {
    // Another name would belong to a website that resolves to this machine (DNS rebinding).
    if (!isLoopback((request.headers.host ?? '').replace(/:\d+$/, ''))) {
      response.writeHead(421).end()
      return
    }
    if (request.url === '/mails') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(mails))
      return
    }
    const type = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy }
    response.writeHead(request.url === '/' || request.url === '/healthz' ? 200 : 404, type).end(renderMails(mails))
  })
  if (pagePort !== undefined)
    await new Promise<void>((resolve, reject) => {
      page.once('error', reject)
      page.listen(pagePort, '127.0.0.1', resolve)
    })
  return {
    mails: (): readonly ReceivedMail[] => mails,
    async stop() {
      page.close()
      page.closeAllConnections()
      await new Promise<void>((resolve) => smtp.close(() => resolve()))
    },
  }
}
