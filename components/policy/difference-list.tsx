import type { PolicyDifference } from '#lib/features/policy/model/policy-difference.ts'

/** The rules that differ, before and after. */
export const DifferenceList = ({ differences }: { differences: readonly PolicyDifference[] }) => (
  <ul className="space-y-1 text-sm">
    {differences.map(({ rule, before, after }) => (
      <li key={rule} className="wrap-anywhere">
        {rule}: <del className="text-muted">{before}</del> <span className="sr-only">is now</span>
        <span aria-hidden="true">→</span> <ins className="font-medium no-underline">{after}</ins>
      </li>
    ))}
  </ul>
)
