import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'

/** What Spaceport keeps about the reader, for how long, and who sees it: a summary of docs/personal-data.md. */
export function PersonalData() {
  return (
    <Section
      title="Personal data"
      description="To get a copy or have it removed, ask your Spaceport operator."
      content="row"
    >
      <details>
        <summary className="min-h-6 cursor-pointer text-sm">What Spaceport keeps about you</summary>
        <div className="mt-3">
          <DescriptionList
            items={[
              {
                term: 'Account',
                detail:
                  'Name, email address, handle and groups, as above. Everyone who shares a space with you sees your name and handle.',
              },
              {
                term: 'Use',
                detail:
                  'Your sessions with IP address and browser, until a day after they end; the last use of each kubeconfig, with its IP address, and of each space. Platform admins see them.',
              },
              {
                term: 'Audit trail',
                detail:
                  'Your actions in the portal and with kubectl, with time and IP address. Platform admins and auditors see all of them; members of a space see those in the space. Old months are archived outside of Spaceport.',
              },
              {
                term: 'What you write',
                detail: 'Reasons, descriptions and decisions; saved filters, which only you see.',
              },
              {
                term: 'When you leave',
                detail:
                  'Your access ends everywhere. On request, a pseudonym replaces your name, email address and handle; the audit trail keeps your actions.',
              },
            ]}
          />
        </div>
      </details>
    </Section>
  )
}
