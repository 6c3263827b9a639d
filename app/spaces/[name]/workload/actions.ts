'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { spaceForm } from '#app/spaces/space-form.ts'
import { gatewayAction } from '#lib/web/action/broker-action.ts'
import { runNow, runNowInput, suspendCronJob, suspendInput } from '#lib/web/gateway/change-cron-job.ts'
import {
  deletePod,
  deletePodInput,
  restartInput,
  restartWorkload,
  scaleInput,
  scaleWorkload,
} from '#lib/web/gateway/change-workload.ts'
import { rollBackInput, rollBackWorkload } from '#lib/web/gateway/roll-back-workload.ts'

const refresh = () => revalidatePath('/spaces', 'layout')

/** Replaces a workload’s pods. */
export const restartAction = gatewayAction({
  name: 'restart-workload',
  input: spaceForm(restartInput, {}),
  ask: restartWorkload,
  after: (_, { of }) => {
    refresh()
    return { message: `Restarting ${of.name}.` }
  },
})

/** Changes how many pods a workload has. */
export const scaleAction = gatewayAction({
  name: 'scale-workload',
  input: spaceForm(scaleInput, {
    replicas: z
      .string()
      .trim()
      .regex(/^\d{1,9}$/, 'Enter a whole number.')
      .transform(Number),
  }),
  ask: scaleWorkload,
  after: (_, { of, replicas }) => {
    refresh()
    return { message: `Scaled ${of.name} to ${replicas}.` }
  },
})

/** Starts a Job from a CronJob’s template. */
export const runNowAction = gatewayAction({
  name: 'run-cron-job',
  input: spaceForm(runNowInput, {}),
  ask: runNow,
  after: (_, { of }) => {
    refresh()
    return { message: `Started a Job of ${of.name}.` }
  },
})

/** Suspends or resumes a CronJob. */
export const suspendAction = gatewayAction({
  name: 'suspend-cron-job',
  input: spaceForm(suspendInput, { suspend: z.enum(['true', 'false']).transform((text) => text === 'true') }),
  ask: suspendCronJob,
  after: (_, { of, suspend }) => {
    refresh()
    return { message: `${suspend ? 'Suspended' : 'Resumed'} ${of.name}.` }
  },
})

/** Deletes one pod. */
export const deletePodAction = gatewayAction({
  name: 'delete-pod',
  input: spaceForm(deletePodInput, {}),
  ask: deletePod,
  after: (_, { of }) => {
    refresh()
    return { message: `Deleting the pod ${of.name}.` }
  },
})

/** Restores the pod template of an earlier revision. */
export const rollBackAction = gatewayAction({
  name: 'roll-back-workload',
  input: spaceForm(rollBackInput, {}),
  ask: rollBackWorkload,
  after: (_, { of }) => {
    refresh()
    return { message: `Rolling back ${of.name}.` }
  },
})
