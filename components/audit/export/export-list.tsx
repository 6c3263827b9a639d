import { filterInWords } from '#components/audit/words/filter-in-words.ts'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import {
  type ExportError,
  type ExportView,
  exportErrorInWords,
  exportKeptMs,
  largestExport,
} from '#lib/features/audit/model/trail-export.ts'
import { bytesInWords } from '#lib/kernel/model/bytes-in-words.ts'

type Props = { exports: readonly ExportView[]; action: FormAction }

const count = new Intl.NumberFormat('en')

export function ExportList({ exports, action }: Props) {
  if (exports.length === 0)
    return (
      <EmptyState icon="download" title="No exports yet">
        Exports that you start appear here, with their progress and file.
      </EmptyState>
    )
  return (
    <Section title="Your exports" content="flush">
      <ul aria-label="Your exports" className="divide-y">
        {exports.map((one) => (
          <li key={one.id} className="space-y-2 px-4 py-3 sm:px-5">
            <ExportEntry given={one} exports={exports} action={action} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function ExportEntry({ given, exports, action }: Pick<Props, 'exports' | 'action'> & { given: ExportView }) {
  const { id, format, filter, state, isBegun, createdAt, events, bytes } = given
  const what = filterInWords(filter)
  const isRunning = state === 'waiting'
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <p className="wrap-anywhere font-medium">{what}</p>
          <p className="text-muted text-sm">
            {format === 'csv' ? 'CSV' : 'CloudEvents'}, started <RelativeTime at={createdAt} />
            {state === 'done' && (
              <>
                , {count.format(events)} events, {bytesInWords(bytes)}, removed{' '}
                <RelativeTime at={new Date(createdAt.getTime() + exportKeptMs)} />
              </>
            )}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <StateBadge given={given} />
          {state === 'done' && (
            <LinkButton download size="sm" icon="download" href={`/api/audit/exports/${id}`}>
              Download
            </LinkButton>
          )}
          <ActDialog
            label={isRunning ? 'Stop' : 'Remove'}
            accessibleLabel={`${isRunning ? 'Stop' : 'Remove'} the export: ${what}`}
            title={isRunning ? 'Stop this export?' : 'Remove this export?'}
            size="sm"
            action={action}
            given={{ id }}
            reason={null}
          >
            <p>
              {isRunning
                ? 'Everything written so far is removed.'
                : 'The file is removed. The trail itself isn’t changed.'}
            </p>
          </ActDialog>
        </div>
      </div>
      {isRunning && isBegun && <Progress given={given} />}
      {state === 'failed' && <p className="text-bad text-sm">{errorInWords(given.error, exports)}</p>}
    </>
  )
}

const isKnown = (error: string): error is ExportError => Object.hasOwn(exportErrorInWords, error)
function errorInWords(error: string | null, exports: readonly ExportView[]): string {
  const known = error !== null && isKnown(error) ? error : 'broken'
  const largest = known === 'own_room' ? largestExport(exports) : null
  const remove = largest
    ? ` Remove one. The largest is “${filterInWords(largest.filter)}” with ${bytesInWords(largest.bytes)}.`
    : ''
  return `${exportErrorInWords[known]}${remove}`
}

function StateBadge({ given: { state, isBegun } }: { given: ExportView }) {
  const looks: Readonly<Record<ExportView['state'], [BadgeTone, IconName, string]>> = {
    waiting: isBegun ? ['accent', 'progress', 'Writing'] : ['neutral', 'clock', 'Waiting for a worker'],
    done: ['ok', 'check-circle', 'Done'],
    failed: ['bad', 'alert-circle', 'Failed'],
  }
  const [tone, icon, word] = looks[state]
  return (
    <Badge tone={tone} icon={icon} spinning={icon === 'progress'}>
      {word}
    </Badge>
  )
}

function Progress({ given: { total, events, bytes, reached } }: { given: ExportView }) {
  const text = `${count.format(events)}${total === null ? '' : ` of ${count.format(total)}`} events, ${bytesInWords(bytes)}`
  return (
    <div className="space-y-1">
      {total !== null && total > 0 && <Meter label="Progress" ratio={events / total} text={text} />}
      <p className="text-muted text-sm">
        {text}
        {total === null && reached !== null && (
          <>
            , back to <RelativeTime at={reached} />
          </>
        )}
      </p>
    </div>
  )
}
