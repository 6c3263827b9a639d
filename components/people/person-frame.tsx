import type { ReactNode } from 'react'
import { BackLink } from '#components/ui/back-link.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import type { PersonHead } from '#lib/kernel/model/people/person-view.ts'
import { personPath } from './people-list-data.ts'
import { type PersonActions, PersonActs } from './person-acts.tsx'

/** The common input of a person’s pages. */
export type PersonFrameProps = {
  head: PersonHead
  /** Null for viewers who may not change the person. */
  actions: PersonActions | null
  isSelf: boolean
}

/** Shared by all pages of a person: name, state, actions and tabs. */
export function PersonFrame({ head, actions, isSelf, children }: PersonFrameProps & { children: ReactNode }) {
  const { person, roleState, offboarding } = head
  const { handle, name, email, deactivatedAt } = person
  return (
    <>
      <PageHeader
        title={name}
        badge={
          deactivatedAt && (
            <Badge tone="warn" icon="lock">
              {offboarding ? 'Offboarded' : 'Deactivated'}
            </Badge>
          )
        }
        description={
          <>
            <Copyable text={handle} what="the handle" />
            {email !== '' && ` · ${email}`}
          </>
        }
        actions={
          actions && (
            <PersonActs
              person={person}
              isSelf={isSelf}
              isOffboarded={offboarding !== null}
              isAdminUntil={roleState.adminUntil !== null}
              actions={actions}
            />
          )
        }
        back={<BackLink href="/admin/people" label="People" />}
      />
      <TabLinks
        label={`Views of ${name}`}
        items={[
          { href: personPath(handle), label: 'Overview' },
          { href: personPath(handle, 'access'), label: 'Access' },
          { href: personPath(handle, 'activity'), label: 'Activity' },
        ]}
      />
      <div className="mt-6 space-y-8">{children}</div>
    </>
  )
}
