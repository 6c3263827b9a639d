'use server'

import { spaceForm } from '#app/spaces/space-form.ts'
import type { WhatMay } from '#lib/features/access/model/reviewed-rights.ts'
import type { WhoMay } from '#lib/features/access/model/who-may.ts'
import { askWhatMay, askWhatMayInput } from '#lib/features/access/use-cases/ask-what-may.ts'
import { askWhoMay, askWhoMayInput } from '#lib/features/access/use-cases/ask-who-may.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Asks the API server who can do something in a space. */
export const askWhoMayAction = brokerAction({
  name: 'ask-cluster',
  input: spaceForm(askWhoMayInput, {}),
  useCase: askWhoMay,
  after: (answer): { data: WhoMay } => ({ data: answer }),
})

/** Asks the API server what a person can do in a space. */
export const askWhatMayAction = brokerAction({
  name: 'ask-cluster',
  input: spaceForm(askWhatMayInput, {}),
  useCase: askWhatMay,
  after: (answer): { data: WhatMay } => ({ data: answer }),
})
