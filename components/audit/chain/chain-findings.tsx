import Link from 'next/link'
import { eventPath } from '#components/audit/event/story-path.ts'
import type { TrailFinding } from '#lib/kernel/model/audit/trail-check.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { CheckData } from './chain-data.ts'

const number = new Intl.NumberFormat('en')

/** What a verification found wrong with the chain: the worst first, and where all of it is. */
export function ChainFindings({ check: { findings } }: { check: CheckData }) {
  return (
    <div role="alert" className="rounded-md border border-bad/40 bg-bad-soft p-3 text-sm">
      <p className="font-medium text-bad">Somebody changed the trail.</p>
      <ol className="mt-2 space-y-2">
        {findings.map((finding, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same, and their order never changes
          <li key={i}>
            <span className="break-words">{finding.says}</span>{' '}
            {finding.event !== null && (
              <Link href={eventPath(finding.event)} prefetch={false} className="underline">
                Show the event
              </Link>
            )}
            <span className="block text-muted text-xs">
              {finding.more === undefined
                ? placeOf(finding)
                : `${inNumber(finding.more, 'finding')} more of this kind; bin/spaceport audit-verify --all describes each`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

/** Where in the chain it is: what the last checkpoint before it says was signed. */
function placeOf({ block, after, before }: TrailFinding): string {
  const named = (text: string | null) => text !== null && `block ${number.format(Number(text))}`
  const places = [
    named(block),
    after !== null && `after the checkpoint of ${named(after)}`,
    before !== null && `before ${after === null ? 'the first checkpoint, ' : ''}that of ${named(before)}`,
  ]
  const text = places.filter((place) => place !== false).join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
