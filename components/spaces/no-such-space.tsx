'use client'

import { useParams, useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { sawLeaving } from './leaving-space.ts'
import { requestAccessPath } from './space-path.ts'

/** What one sees of a space that is not there, or not one's own to know of: the same either way. */
export function NoSuchSpace() {
  const params = useParams()
  const cluster = useSearchParams().get('cluster') ?? undefined
  const name = typeof params.name === 'string' ? decodeURIComponent(params.name) : ''
  const [deleted, setDeleted] = useState(false)
  useEffect(() => setDeleted(sawLeaving({ name, cluster })), [name, cluster])

  if (deleted) {
    return (
      <>
        <h1 className="sr-only">Deleted</h1>
        <EmptyState
          icon="check-circle"
          title={`${name} is deleted`}
          action={
            <LinkButton href="/" variant="primary">
              Back to spaces
            </LinkButton>
          }
        >
          Its namespace and everything in it are gone.
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon="lock"
        title="There is nothing here that you may see"
        action={
          <>
            {name && (
              <LinkButton href={requestAccessPath({ name, cluster })} variant="primary">
                Request access
              </LinkButton>
            )}
            <LinkButton href="/">Back to spaces</LinkButton>
          </>
        }
      >
        Either there is no space {name && <span className="font-mono text-ink">{name}</span>}, or you are not in it. If
        you know that it exists, ask its owner for a role.
      </EmptyState>
    </>
  )
}
