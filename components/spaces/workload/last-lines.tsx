import { Line } from '#components/spaces/log-lines.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { EndedRun } from '#lib/features/spaces/model/ended-run.ts'
import type { LogBuffer } from '#lib/features/spaces/model/log-buffer.ts'

type Run = Omit<EndedRun, 'problem'>
type Props = {
  address: SpaceAddress
  run: Run
  /** The lines, or why there are none. */
  log: LogBuffer | string
}

/** A container's last lines, with a link to the full log; nothing if it wrote nothing. */
export function LastLines({ address, run, log }: Props) {
  if (typeof log !== 'string' && log.lines === 0) return null
  const { pod, container, previous } = run
  const asked = { of: `Pod/${pod}`, container, ...(previous && { previous: 'true' }) }
  return (
    <Section
      title="Last lines"
      description={<Whose run={run} />}
      actions={
        <LinkButton href={spacePath(address, 'logs', asked)} size="sm">
          All of this log
        </LinkButton>
      }
      content="bare"
    >
      {typeof log === 'string' ? (
        <p className="text-muted text-sm">{log}</p>
      ) : (
        <div
          role="log"
          aria-label={`Last lines of ${container}`}
          aria-live="off"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
          tabIndex={0}
          // Reversed, so that it starts at the newest line.
          className="wrap-anywhere flex max-h-56 min-h-24 flex-col-reverse overflow-auto whitespace-pre-wrap rounded-lg border bg-surface p-3 font-mono text-xs leading-5"
        >
          <div className="mb-auto">
            {log.blocks
              .flatMap(({ lines }) => lines)
              .map((line) => (
                <Line key={line.key} line={line} find="" times named={false} />
              ))}
          </div>
        </div>
      )}
    </Section>
  )
}

/** As high as many lines. */
export const LastLinesSkeleton = ({ run }: { run: Run }) => (
  <Section title="Last lines" description={<Whose run={run} />} content="bare">
    <Skeleton className="h-56" />
  </Section>
)

const Whose = ({ run: { pod, container, previous } }: { run: Run }) => (
  <span className="wrap-anywhere">
    <span className="font-mono">{container}</span> in <span className="font-mono">{pod}</span>
    {previous && ', its previous run'}
  </span>
)
