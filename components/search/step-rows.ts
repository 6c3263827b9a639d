/** Goes to the next row of the page’s lists, or the previous one: to the link that the whole row is. */
export function stepRows(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main .row-link')].filter((link) => link.checkVisibility())
  const row = currentRow()
  const at = row ? links.findIndex((link) => row.contains(link)) : -1
  const first = by === 1 ? 0 : links.length - 1
  links[at === -1 ? first : at + by]?.focus()
}

/** Selects the row where the focus is, or no longer, if its list has boxes for that. */
export function toggleRow(): void {
  currentRow()?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click()
}

const currentRow = () => document.activeElement?.closest('main tr') ?? null
