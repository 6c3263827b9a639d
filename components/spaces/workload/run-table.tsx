import { WorkloadStatus } from '#components/spaces/workload-status.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { CronRun, Schedule } from '#lib/features/spaces/model/cron-job.ts'

/** The CronJob's history limits keep fewer; these are for Jobs of other makers. */
const shown = 25

const columns: readonly Column<CronRun>[] = [
  {
    key: 'name',
    header: 'Job',
    primary: true,
    cell: ({ name, manual }) => (
      <>
        <span className="wrap-anywhere block font-medium font-mono">{name}</span>
        {manual && <span className="block text-muted text-xs">Run by hand</span>}
      </>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    card: 'plain',
    cell: ({ status }) => <WorkloadStatus status={status} problem={null} warning={null} />,
  },
  {
    key: 'started',
    header: 'Started',
    cell: ({ startedAt }) =>
      startedAt ? <RelativeTime at={startedAt} /> : <span className="text-muted">Not yet</span>,
  },
  {
    key: 'duration',
    header: 'Duration',
    align: 'right',
    cell: ({ seconds }) => <span className="tabular-nums">{seconds === null ? '–' : durationText(seconds)}</span>,
  },
]

/** @returns `4 s`, `2 min 5 s` or `1 h 30 min` */
function durationText(seconds: number): string {
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

/** The Jobs that a CronJob has started, the newest first. */
export const Runs = ({
  name,
  schedule: { schedule, timeZone, suspended, runs },
}: {
  name: string
  schedule: Schedule
}) => (
  <Section
    title="Jobs"
    description={
      <>
        Schedule <span className="font-mono">{schedule}</span>
        {timeZone && ` (${timeZone})`}
        {suspended && ', suspended'}
      </>
    }
    content="bare"
  >
    {runs.length > 0 ? (
      <DataTable caption={`Jobs of ${name}`} columns={columns} rows={runs.slice(0, shown)} rowKey={(run) => run.name} />
    ) : (
      <EmptyState icon="clock" title="No Jobs" heading="h3">
        {suspended ? 'It starts none while it is suspended.' : 'It hasn’t run yet, or its Jobs were removed.'}
      </EmptyState>
    )}
  </Section>
)
