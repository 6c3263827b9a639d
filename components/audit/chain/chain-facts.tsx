import { DescriptionList } from '#components/ui/description-list.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { maxWaiting } from '#lib/kernel/model/audit/trail-check.ts'
import { trailMonthInWords } from '#lib/kernel/model/audit/trail-month.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { ChainData } from './chain-data.ts'

const number = new Intl.NumberFormat('en')

/** From where to where the chain goes. `late`: what waits for a block has waited for too long. */
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
          detail: `Everything up to ${trailMonthInWords(archived.until)}, ${number.format(Number(archived.rows))} ${archived.rows === '1' ? 'event' : 'events'}: in files that whoever runs Spaceport keeps. The chain goes on from them.`,
        },
      ]
    : []),
  {
    term: 'Newest block',
    detail: last ? (
      <>
        {number.format(Number(last.number))}, made <AbsoluteTime at={last.sealedAt} />
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
        None: set SPACEPORT_CHECKPOINT_KEY for the worker. Without one, whoever owns the database could make the whole
        chain anew.
      </span>
    ),
  },
  {
    term: 'Waiting for a block',
    detail:
      waiting === 0
        ? 'Nothing'
        : `${waiting >= maxWaiting ? `${number.format(maxWaiting)} events or more` : inNumber(waiting, 'event')}${late ? ', for more than a minute: is the worker running?' : ''}`,
  },
]
