import { z } from 'zod'
import { startMailServer } from './start-mail-server.ts'

const port = z.coerce.number().int().min(1).max(65_535)
const { MAIL_SMTP_PORT: smtpPort, MAIL_PAGE_PORT: pagePort } = z
  .object({ MAIL_SMTP_PORT: port, MAIL_PAGE_PORT: port })
  .parse(process.env)

const { stop } = await startMailServer({ smtpPort, pagePort })
console.log(`accepts mail on port ${smtpPort} and shows it on port ${pagePort}`)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop())
