const counted = /^\(\d+\+?\)( |$)/

/** @returns a count of waiting and unread items, as shown: at most 99+ */
export const inFew = (count: number): string => (count > 99 ? '99+' : String(count))

/** @returns a page's title with the count before it; none for 0, or while there is no title */
export function withCount(title: string, count: number): string {
  const bare = title.replace(counted, '')
  return count > 0 && bare !== '' ? `(${inFew(count)}) ${bare}` : bare
}

/**
 * Keeps the count in the browser's title across navigation.
 * @returns a function that stops
 */
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
