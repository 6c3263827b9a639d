/** @returns whether a URL names only a mail server: a query could switch off certificate verification */
export function isMailServer(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.hostname !== '' && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === ''
}
