/** @returns whether a URL names a mail server and nothing else: a query could switch off the checks of its certificate */
export function isMailServer(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.hostname !== '' && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === ''
}
