'use client'

import { useState } from 'react'
import { RadioCards } from '#components/ui/form/radio-cards.tsx'
import type { ReviewRule } from '#lib/kernel/model/requests/review.ts'

/** What happens to undecided access at the end. */
export function RuleField({ rule }: { rule: ReviewRule }) {
  const [value, setValue] = useState<string>(rule)
  return (
    <RadioCards
      legend="Undecided access"
      name="undecided"
      value={value}
      onChange={setValue}
      options={[
        { value: 'keep', label: 'Stays', detail: 'The report lists it as undecided.' },
        {
          value: 'revoke',
          label: 'Is revoked',
          detail: 'At the end, these people lose their roles.',
          note: value === 'revoke' ? 'This includes people who still need their role.' : undefined,
        },
      ]}
    />
  )
}
