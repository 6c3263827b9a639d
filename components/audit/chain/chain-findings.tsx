import Link from 'next/link'
import { eventPath } from '#components/audit/event/story-path.ts'
import type { TrailFinding } from '#lib/kernel/model/audit/trail-check.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { CheckData } from './chain-data.ts'

const number = new Intl.NumberFormat('en')

/** What a verification found wrong with the chain: the worst first, then the totals. */
export function ChainFindings({ check: { findings } }: { check: CheckData }) {
  return (
    <div role="alert" className="rounded-md border border-bad/40 bg-bad-soft p-3 text-sm">
      <p className="font-medium text-bad">The trail was changed.</p>
      <ol className="mt-2 space-y-2">
        {findings.map((finding, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same, and their order never changes
          <li key={i}>
            <span className="break-words">{finding.says}</span>{' '}
            {finding.event !== null && (
              <Link href={eventPath(finding.event)} prefetch={false} className="underline">
                Show event
              </Link>
            )}
            <span className="block text-muted text-xs">
              {finding.more === undefined
                ? placeOf(finding)
                : `${inNumber(finding.more, 'finding')} more of this kind. To list them, run bin/spaceport audit-verify --all`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

/** The place in the chain, between the nearest checkpoints. */
function placeOf({ block, after, before }: TrailFinding): string {
  const named = (text: string | null) => text !== null && `block ${number.format(Number(text))}`
  const places = [
    named(block),
    after !== null && `after the checkpoint at ${named(after)}`,
    before !== null && `before ${after === null ? 'the first checkpoint, ' : 'the checkpoint '}at ${named(before)}`,
  ]
  const text = places.filter((place) => place !== false).join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
