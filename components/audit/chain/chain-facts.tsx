import { DescriptionList } from '#components/ui/description-list.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { maxWaiting } from '#lib/kernel/model/audit/trail-check.ts'
import { trailMonthInWords } from '#lib/kernel/model/audit/trail-month.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { ChainData } from './chain-data.ts'

const number = new Intl.NumberFormat('en')

/** Where the chain starts and ends. `late`: events have waited too long for a block. */
export const ChainFacts = ({ data, late }: { data: ChainData; late: boolean }) => (
  <DescriptionList items={facts(data, late)} />
)

const facts = ({ first, last, archived, waiting, checkpoint }: ChainData, late: boolean) => [
  {
    term: archived ? 'In the database since' : 'Chained since',
    detail: first ? <AbsoluteTime at={first} /> : <span className="text-muted">Not yet</span>,
  },
  ...(archived
    ? [
        {
          term: 'Archived',
          detail: `Everything up to ${trailMonthInWords(archived.until)}, ${number.format(Number(archived.rows))} ${archived.rows === '1' ? 'event' : 'events'}, in files that your Spaceport operator keeps. The chain continues from there.`,
        },
      ]
    : []),
  {
    term: 'Newest block',
    detail: last ? (
      <>
        {number.format(Number(last.number))}, created <AbsoluteTime at={last.sealedAt} />
      </>
    ) : (
      <span className="text-muted">None</span>
    ),
  },
  {
    term: 'Newest checkpoint',
    detail: checkpoint ? (
      <>
        up to block {number.format(Number(checkpoint.block))} ({inNumber(Number(checkpoint.rows), 'event')}), signed{' '}
        <AbsoluteTime at={checkpoint.madeAt} /> with the key{' '}
        <a href="/.well-known/spaceport-trail-keys.json" className="wrap-anywhere font-mono text-xs underline">
          {checkpoint.keyId}
        </a>
      </>
    ) : (
      <span className="text-muted">
        None. Set SPACEPORT_CHECKPOINT_KEY for the worker. Without a checkpoint key, the database owner could rebuild
        the whole chain undetected.
      </span>
    ),
  },
  {
    term: 'Waiting for a block',
    detail:
      waiting === 0
        ? 'Nothing'
        : `${waiting >= maxWaiting ? `${number.format(maxWaiting)} events or more` : inNumber(waiting, 'event')}${late ? ', for more than a minute. Check that the worker is running.' : ''}`,
  },
]
