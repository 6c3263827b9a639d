import { classNames } from '#components/ui/class-names.ts'
import type { DiffHunk } from '#lib/features/spaces/model/manifest-diff.ts'

const looks: Readonly<Record<string, string>> = { '+': 'bg-ok-soft text-ok', '-': 'bg-bad-soft text-bad' }

/** The lines that change, with their surroundings; null: too many to show. */
export function ManifestDiff({ hunks }: { hunks: readonly DiffHunk[] | null }) {
  if (hunks === null) return <p role="status">Too much changes to show it line by line. The cluster accepts it.</p>
  if (hunks.length === 0) return <p role="status">Nothing changes.</p>
  return (
    <>
      <p role="status" className="mb-2">
        The cluster accepts this. It changes:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre tabIndex={0} className="overflow-auto rounded-md border bg-surface py-2 font-mono text-xs leading-5">
        {hunks.map(({ line, lines }) => (
          <code key={line} className="block min-w-max border-t py-1 first:border-t-0">
            {lines.map((text, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a hunk never change
              <span key={at} className={classNames('block px-3', looks[text.charAt(0)])}>
                {text}
              </span>
            ))}
          </code>
        ))}
      </pre>
    </>
  )
}
