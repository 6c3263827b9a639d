import type { PolicyDifference } from '#lib/features/policy/model/policy-difference.ts'

type Props = {
  differences: readonly PolicyDifference[]
  /** Between the values, for screen readers. */
  word: string
}

/** The rules that differ, before and after. */
export const DifferenceList = ({ differences, word }: Props) => (
  <ul className="space-y-1 text-sm">
    {differences.map(({ rule, before, after }) => (
      <li key={rule} className="wrap-anywhere">
        {rule}: <del className="text-muted">{before}</del> <span className="sr-only">{word}</span>
        <span aria-hidden="true">→</span> <ins className="font-medium no-underline">{after}</ins>
      </li>
    ))}
  </ul>
)
