/** @returns whether a URL names only a syslog server over TLS */
export function isSyslogServer(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol !== 'tls:' || url.hostname === '' || url.username + url.password + url.search + url.hash !== '')
    return false
  return /^\/?$/.test(url.pathname)
}
