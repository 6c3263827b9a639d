import { createHash } from 'node:crypto'

/** @returns text that is safe inside of HTML elements and quoted attributes */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const style = `
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #fff; --text: #1b1f27; --soft: #565f6e; --line: #8a93a2;
  --strong: #2f4bb0; --on-strong: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1d2128; --text: #eceef2; --soft: #aab2c0;
  --line: #6d7686; --strong: #a9bcff; --on-strong: #10183a; --bad: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(100%, 24rem); padding: 2rem; border-radius: .75rem; background: var(--card);
  box-shadow: 0 1px 8px rgb(0 0 0 / .12); }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input[type=text], input[type=password] { width: 100%; padding: .625rem .75rem; border: 1px solid var(--line);
  border-radius: .5rem; background: transparent; color: inherit; font: inherit; }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; border: 0; border-radius: .5rem; background: var(--strong);
  color: var(--on-strong); font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { margin-top: .75rem; background: transparent; color: var(--strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
[role=alert] { color: var(--bad); }
.note { margin: 1.5rem 0 0; color: var(--soft); font-size: .875rem; }
code { font-size: 1.5rem; letter-spacing: .1em; }
`
const submitScript = `document.forms[0].requestSubmit()`
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Allows a page only its own style and script, and forbids framing. */
export const contentSecurityPolicy = [
  `default-src 'none'`,
  'img-src data:',
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(submitScript)}`,
  `frame-ancestors 'none'`,
  `base-uri 'none'`,
].join('; ')

/**
 * @param body HTML that is already safe;
 * @param submit whether the page's form is sent without waiting for a click
 */
export const renderPage = (title: string, body: string, { submit = false }: { submit?: boolean } = {}): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
${submit ? `<script>${submitScript}</script>` : ''}
</body>
</html>
`

/** The page that asks for name and password. */
export function renderSignIn({ action, username = '', problem, ownName }: SignInPage): string {
  const described = problem === undefined ? '' : ' aria-describedby="problem" aria-invalid="true"'
  const focus = (field: 'username' | 'password') => ((field === 'username') === (username === '') ? ' autofocus' : '')
  return renderPage(
    'Sign in',
    `${problem === undefined ? '' : `<p role="alert" id="problem">${escapeHtml(problem)}</p>`}
<form method="post" action="${escapeHtml(action)}">
<label for="username">Username</label>
<input type="text" id="username" name="username" value="${escapeHtml(username)}" autocomplete="username" autocapitalize="none" spellcheck="false" required${focus('username')}${described}>
<label for="password">Password</label>
<input type="password" id="password" name="password" autocomplete="current-password" required${focus('password')}${described}>
<button type="submit">Sign in</button>
</form>
<p class="note">Development identity provider: ${ownName ? 'for alice, bob, carol, dave and erin the password is the name' : 'the passwords are shown where Spaceport was started'}.</p>`,
  )
}

/** `ownName`: whether the demo people's passwords are their names. */
export type SignInPage = { action: string; username?: string; problem?: string; ownName: boolean }
