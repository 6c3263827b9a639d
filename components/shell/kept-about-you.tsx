import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'

/** What Spaceport keeps of the person who looks, for how long, and who sees it: docs/personal-data.md in short. */
export function KeptAboutYou() {
  return (
    <Section
      title="What Spaceport keeps about you"
      description="To see it or have it removed, ask whoever runs Spaceport."
    >
      <DescriptionList
        items={[
          {
            term: 'Account',
            detail:
              'Name, e-mail address, handle and groups, as above. Everybody who shares a space with you sees name and handle.',
          },
          {
            term: 'Use',
            detail:
              'Sessions with address and browser, until a day after they end; when and from where each kubeconfig was last used, and when you last used which space. Platform admins see them.',
          },
          {
            term: 'Audit trail',
            detail:
              'What you do in the portal and with kubectl, when and from which address. Platform admins and auditors see it, members of a space what happened there. Old months are archived outside of Spaceport.',
          },
          {
            term: 'What you write',
            detail:
              'Reasons, descriptions and decisions, with what they are about; filters that you save, which only you see.',
          },
          {
            term: 'When you leave',
            detail:
              'Your access ends everywhere. On request, a pseudonym takes the place of your name, address and handle; what happened stays in the trail.',
          },
        ]}
      />
    </Section>
  )
}
