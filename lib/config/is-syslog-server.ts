/** @returns whether a URL names a syslog server that is reached over TLS, and nothing else */
export function isSyslogServer(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol !== 'tls:' || url.hostname === '' || url.username + url.password + url.search + url.hash !== '')
    return false
  return /^\/?$/.test(url.pathname)
}
