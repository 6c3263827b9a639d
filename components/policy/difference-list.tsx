import type { PolicyDifference } from '#lib/features/policy/model/policy-difference.ts'

/** What a version changed: each rule with what it was and what it is. */
export function DifferenceList({ differences }: { differences: readonly PolicyDifference[] }) {
  if (differences.length === 0) return <p className="text-muted">No rule changed.</p>
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
