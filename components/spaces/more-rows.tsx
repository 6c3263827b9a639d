import { LinkButton } from '#components/ui/link-button.tsx'

/** How many rows a table shows at first, and at most. */
const shown = { first: 50, most: 500 }

/** @returns the rows to show, before and after the person asked for all */
export const rowsShown = <Row,>(rows: readonly Row[], all: boolean): readonly Row[] =>
  rows.slice(0, all ? shown.most : shown.first)

type Props = {
  /** "pods" */
  what: string
  count: number
  all: boolean
  /** Which rows are shown. */
  order?: string
  /** The page with all of them. */
  href: string
}

/** Below a shortened table: the total, and a link to all rows. */
export function MoreRows({ what, count, all, order = 'those with a problem first', href }: Props) {
  const now = all ? shown.most : shown.first
  if (count <= now) return null
  const next = Math.min(count, shown.most)
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-muted text-sm">
      {`${now} of ${count.toLocaleString('en')} ${what} are shown, ${order}.`}
      {!all && (
        <LinkButton href={href} size="sm">
          {`Show ${next === count ? 'all ' : ''}${next}`}
        </LinkButton>
      )}
    </p>
  )
}
