import { createHash } from 'node:crypto'
import { escapeHtml } from '#dev/idp/page.ts'
import type { ReceivedMail } from './parse-mail.ts'

const style = `
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
article { margin: 1rem 0; padding: 0 1rem; border: 1px solid #8a93a2; border-radius: .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: .75rem 0 0; }
p { margin: .25rem 0; opacity: .8; font-size: .875rem; }
pre { white-space: pre-wrap; }
`

/** Allows only the page's own style: the contents of mails are text. */
export const contentSecurityPolicy = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`

/** The page that lists the received mails, newest first. */
export const renderMails = (mails: readonly ReceivedMail[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>Mail</h1>
<p>What Spaceport has sent since it was started here. Nothing leaves this machine.</p>
${mails.length === 0 ? '<p>Nothing yet.</p>' : mails.map(renderMail).join('\n')}
</body>
</html>
`

const renderMail = ({ subject, to, at, text }: ReceivedMail): string =>
  `<article><h2>${escapeHtml(subject)}</h2><p>To ${escapeHtml(to.join(', '))}, ${escapeHtml(at)}</p><pre>${escapeHtml(text)}</pre></article>`
