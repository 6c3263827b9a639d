import Link from 'next/link'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'

/** Which spaces the list has; auditors, who see no others here, get a link to those. */
export function ListSubtitle({ role }: { role: PlatformRole }) {
  if (role === 'admin') return <p>All spaces in Spaceport.</p>
  return (
    <>
      <p>Your spaces and the ones shared with you.</p>
      {role === 'auditor' && (
        <p>
          See who can use each space under{' '}
          <Link href="/admin/access?by=space" prefetch={false} className="text-link">
            Access
          </Link>
          , and what happened there in the{' '}
          <Link href="/audit" prefetch={false} className="text-link">
            audit trail
          </Link>
          .
        </p>
      )}
    </>
  )
}
