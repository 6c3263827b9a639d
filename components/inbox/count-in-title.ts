const counted = /^\(\d+\+?\) /

/** @returns how much waits or is unread, as it is written: more than 99 isn’t counted */
export const inFew = (count: number): string => (count > 99 ? '99+' : String(count))

/** @returns a page’s title with the count before it; none for 0 */
export const withCount = (title: string, count: number): string =>
  `${count > 0 ? `(${inFew(count)}) ` : ''}${title.replace(counted, '')}`

/** Keeps the count in the browser’s title, whatever page is shown. @returns how to stop */
export function keepCountInTitle(count: number): () => void {
  const write = (shown: number) => {
    const title = withCount(document.title, shown)
    if (title !== document.title) document.title = title
  }
  const observer = new MutationObserver(() => write(count))
  observer.observe(document.head, { childList: true, subtree: true, characterData: true })
  write(count)
  return () => {
    observer.disconnect()
    write(0)
  }
}
