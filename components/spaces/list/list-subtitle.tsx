import Link from 'next/link'

/** Which spaces a person sees. Auditors, who see no others here, get a link to those. */
export const ListSubtitle = ({ isAuditor }: { isAuditor: boolean }) => (
  <>
    <p className="max-sm:hidden">Your spaces and the ones shared with you.</p>
    {isAuditor && (
      <p>
        See who can use each space under{' '}
        <Link href="/admin/access" prefetch={false} className="text-link">
          Spaces
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
