import Link from 'next/link'
import { storyPath } from '#components/audit/event/story-path.ts'
import { classNames } from '#components/ui/class-names.ts'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { Hop } from './request-path.ts'

const looks: Readonly<Record<Hop['state'], { icon: IconName; tone: string }>> = {
  known: { icon: 'check', tone: 'text-ok' },
  missing: { icon: 'info', tone: 'text-muted' },
  refused: { icon: 'lock', tone: 'text-warn' },
  failed: { icon: 'alert-circle', tone: 'text-bad' },
}

/** The path of a request from a person to the API server: one line that expands to its hops. */
export function RequestPath({ hops }: { hops: readonly Hop[] }) {
  return (
    <details className="group/way rounded-md border bg-surface">
      <summary className="flex min-h-11 list-none items-center gap-2.5 px-3 py-2 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open/way:rotate-90" />
        <span className="sr-only">Request path: </span>
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          {hops.map(({ name, value, state }, at) => (
            <span key={name} className="inline-flex items-center gap-2">
              {at > 0 && <Icon name="arrow-right" className="size-3.5 text-muted" />}
              <span className={classNames('wrap-anywhere', state === 'missing' ? 'text-muted italic' : 'font-medium')}>
                {name === 'Gateway' || name === 'API server' ? `${name}: ${value.toLowerCase()}` : value}
              </span>
            </span>
          ))}
        </span>
      </summary>
      <ol className="border-t px-3 py-3 text-sm sm:px-4">
        {hops.map((hop) => (
          <Stop key={hop.name} hop={hop} />
        ))}
      </ol>
    </details>
  )
}

function Stop({ hop: { name, value, state, at, observer, lines, link } }: { hop: Hop }) {
  const { icon, tone } = looks[state]
  return (
    <li className="flex gap-3 border-l-2 border-transparent py-1.5">
      <Icon name={icon} className={classNames('mt-0.5 size-4 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-2">
          <span className="text-muted">{name}</span>
          {link ? (
            <Link
              href={storyPath(link.of, link.key)}
              prefetch={false}
              className="wrap-anywhere font-medium hover:underline"
            >
              {value}
            </Link>
          ) : (
            <span className="wrap-anywhere font-medium">{value}</span>
          )}
        </p>
        {lines.map((line) => (
          <p key={line} className="wrap-anywhere text-muted text-xs">
            {line}
          </p>
        ))}
        {(observer !== null || at !== null) && (
          <p className="wrap-anywhere text-muted text-xs">
            {observer !== null && `observed by ${observer}`}
            {at !== null && (
              <>
                {', '}
                <AbsoluteTime at={at} to="second" />
              </>
            )}
          </p>
        )}
      </div>
    </li>
  )
}
