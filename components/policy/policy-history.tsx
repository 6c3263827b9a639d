import { LinkButton } from '#components/ui/link-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { PolicyVersionRow } from '#lib/features/policy/model/policy-view.ts'
import { DifferenceList } from './difference-list.tsx'

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
                <span>
                  Restore<span className="sr-only"> version {number}</span>…
                </span>
              </LinkButton>
            )}
          </div>
          <p className="wrap-anywhere text-muted">“{reason}”</p>
          {differences.length === 0 ? (
            <p className="text-muted">No rules changed.</p>
          ) : (
            <DifferenceList differences={differences} word="became" />
          )}
        </li>
      ))}
    </ol>
  )
}
