import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'
import { InfoMark } from './info-mark.tsx'

type Props = {
  title?: ReactNode
  /** The heading’s level: 3 in a nested section. */
  level?: 2 | 3
  /** At most one sentence. */
  description?: ReactNode
  /** Behind an info mark beside the title. */
  more?: ReactNode
  /** Buttons and links next to the title. */
  actions?: ReactNode
  /** Without it, the card contains the description and the actions, and a row only the actions. */
  children?: ReactNode
  /**
   * The content's background. `bare`: none, as for a table; `flush`: a card without padding; `row`: none, beside the
   * heading on wide screens, as in settings.
   */
  content?: 'card' | 'flush' | 'bare' | 'row'
  tone?: 'plain' | 'danger'
  /** The URL's fragment: `#size`. */
  id?: string
}

/** A section of a page: a heading, which can take the focus, and a card or a table. */
export function Section(props: Props) {
  const { title, level = 2, description, more, actions, children, content = 'card', tone = 'plain', id } = props
  const headingId = useId()
  const Heading = level === 2 ? 'h2' : 'h3'
  const isCard = content === 'card' || content === 'flush'
  const inside = children || !isCard
  const about = description && (
    <p data-about className="max-w-prose text-muted text-sm">
      {description}
    </p>
  )
  const buttons = actions && <div className="flex flex-wrap gap-2">{actions}</div>
  const buttonsOnTop = content === 'row' ? children : inside
  return (
    <section
      id={id}
      aria-labelledby={title ? headingId : undefined}
      className={classNames('scroll-mt-4', content === 'row' && 'section-row')}
    >
      {(title || (inside && actions)) && (
        <div
          className={classNames(
            'mb-3 flex flex-wrap justify-between gap-x-4 gap-y-2',
            inside && about ? 'items-end' : 'items-center',
          )}
        >
          <div className="min-w-0 space-y-0.5">
            {title && (
              <div className="flex items-center gap-1.5">
                <Heading id={headingId} tabIndex={-1} className={tone === 'danger' ? 'text-bad' : undefined}>
                  {title}
                </Heading>
                {more && (
                  <InfoMark id={`${headingId}-more`} about={headingId}>
                    {more}
                  </InfoMark>
                )}
              </div>
            )}
            {inside && about}
          </div>
          {buttonsOnTop && buttons}
        </div>
      )}
      {!isCard ? (
        content === 'row' ? (
          <div className="min-w-0">{children || buttons}</div>
        ) : (
          children
        )
      ) : (
        <div
          className={classNames(
            'rounded-lg border bg-surface',
            content === 'card' && 'p-4 sm:p-5',
            tone === 'danger' && 'border-bad/40',
          )}
        >
          {children || (
            <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
              {about}
              {buttons}
            </div>
          )}
        </div>
      )}
    </section>
  )
}

/** The sections of a settings page, with one width and gap. The content of each is a `row`. */
export const SettingsSections = ({ children }: { children: ReactNode }) => (
  <div className="max-w-5xl space-y-8">{children}</div>
)
