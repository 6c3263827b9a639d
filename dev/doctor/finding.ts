/** What one check found, as a sentence; `remedy` says what to do, with the page that explains it. */
export type Finding = {
  mark: 'good' | 'doubtful' | 'bad' | 'skipped'
  what: string
  remedy?: string
  /** Why a check was not possible. */
  cause?: string
}

export const good = (what: string): Finding => ({ mark: 'good', what })
export const doubtful = (what: string, remedy?: string): Finding => ({
  mark: 'doubtful',
  what,
  ...(remedy !== undefined && { remedy }),
})
export const bad = (what: string, remedy: string): Finding => ({ mark: 'bad', what, remedy })
export const skipped = (what: string): Finding => ({ mark: 'skipped', what })

const signs = { good: '✓', doubtful: '!', bad: '✗', skipped: '-' } as const

/** @returns the finding as one line: `✗ finding → remedy` */
export function renderFinding({ mark, what, remedy }: Finding): string {
  return `  ${signs[mark]} ${oneLine(what)}${remedy === undefined ? '' : ` → ${remedy}`}`
}

/** Server answers are quoted: they must not draw on the terminal. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 600)
    .toWellFormed()
