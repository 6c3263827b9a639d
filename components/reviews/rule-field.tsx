'use client'

import { useState } from 'react'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import type { ReviewRule } from '#lib/domain/review.ts'

/** What becomes of what nobody decides about. */
export function RuleField({ rule }: { rule: ReviewRule }) {
  const [value, setValue] = useState<string>(rule)
  return (
    <RadioCards
      legend="What nobody decides about"
      name="undecided"
      value={value}
      onChange={setValue}
      options={[
        { value: 'keep', label: 'Stays', detail: 'The report says that nobody decided.' },
        {
          value: 'revoke',
          label: 'Is revoked',
          detail: 'At the end, these people lose their roles.',
          note: value === 'revoke' ? 'Who needs such a role is cut off then.' : undefined,
        },
      ]}
    />
  )
}
