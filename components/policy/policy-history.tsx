import { LinkButton } from '#components/ui/link-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { PolicyDifference } from '#lib/features/policy/model/policy-difference.ts'
import type { PolicyVersionRow } from '#lib/features/policy/model/policy-view.ts'

type Props = {
  versions: readonly PolicyVersionRow[]
  current: number
  mayRestore: boolean
}

/** Who changed the policy, when and why, newest first. */
export function PolicyHistory({ versions, current, mayRestore }: Props) {
  return (
    <ol aria-label="Versions" className="divide-y rounded-lg border bg-surface text-sm">
      {versions.map(({ number, author, at, reason, differences }) => (
        <li key={number} className="space-y-1.5 px-4 py-3 sm:px-5">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p>
              <span className="font-semibold">Version {number}</span>
              {number === current && ' · in force'} · {author.name}{' '}
              <span className="text-muted">({author.handle})</span> · <RelativeTime at={at} />
            </p>
            {mayRestore && number !== current && (
              <LinkButton size="sm" href={`/admin/policy?version=${number}`}>
                Restore<span className="sr-only"> version {number}</span>…
              </LinkButton>
            )}
          </div>
          <p className="wrap-anywhere text-muted">“{reason}”</p>
          <DifferenceList differences={differences} />
        </li>
      ))}
    </ol>
  )
}

/** The rules that a version changed, before and after. */
function DifferenceList({ differences }: { differences: readonly PolicyDifference[] }) {
  if (differences.length === 0) return <p className="text-muted">No rules changed.</p>
  return (
    <ul className="space-y-1">
      {differences.map(({ rule, before, after }) => (
        <li key={rule} className="wrap-anywhere">
          {rule}: <del className="text-muted">{before}</del> <span className="sr-only">is now</span>
          <span aria-hidden="true">→</span> <ins className="font-medium no-underline">{after}</ins>
        </li>
      ))}
    </ul>
  )
}
