import { dayMs } from '#lib/kernel/model/duration.ts'

/** Smallest first: unit, seconds, and the highest count before the next unit is used. */
const steps = [
  ['minute', 60, 59],
  ['hour', 3_600, 23],
  ['day', 86_400, 45],
  ['month', 2_629_800, 17],
] as const
const yearSeconds = 31_557_600

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
// Created once: creating one takes longer than rendering a table row.
const inUtc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const inOwnZone = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

const utcDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const utcSecond = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
// A time style with a zone includes seconds too.
const minute = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const
const ownMinute = new Intl.DateTimeFormat('en-GB', minute)

/** @returns a time relative to another, to the nearest unit: "3 minutes ago", "in 5 days", "just now" */
export function timeInWords(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  if (Math.abs(seconds) < 30) return seconds > 15 ? 'in a moment' : 'just now'
  for (const [unit, size, max] of steps) {
    const count = Math.round(seconds / size)
    if (Math.abs(count) <= max) return relative.format(count, unit)
  }
  return relative.format(Math.round(seconds / yearSeconds), 'year')
}

/** @returns a full time: "25 Nov 2026, 01:46 UTC"; in the reader's own zone if `local` */
export const timeInFull = (at: Date, local: boolean): string =>
  local ? inOwnZone.format(at) : `${inUtc.format(at)} UTC`

/** @returns a day (UTC): "25 Nov 2026" */
export const dayInFull = (at: Date): string => utcDay.format(at)

/** @returns a time to the minute: "25 Nov 2026, 01:46 UTC"; in the reader's own zone if `local` */
export const timeToMinute = (at: Date, local: boolean): string =>
  local ? ownMinute.format(at) : `${inUtc.format(at)} UTC`

/** Like timeToMinute, with seconds. */
export const timeToSecond = (at: Date, local: boolean): string =>
  local ? inOwnZone.format(at) : `${utcSecond.format(at)} UTC`

/** Shifted so that UTC methods return the zone's local time. */
const inZone = (at: Date, local: boolean): Date =>
  local ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000) : at

/** @returns a time's calendar day: "25 Nov 2026"; in the reader’s own zone if `local`, otherwise in UTC */
export const timeToDay = (at: Date, local: boolean): string => dayInFull(inZone(at, local))

/** @returns a time of day: "01:46:05"; in the reader’s own zone if `local`, otherwise in UTC. Its zone is shown elsewhere. */
export const timeOfDay = (at: Date, local: boolean): string => inZone(at, local).toISOString().slice(11, 19)

/** @returns the zone in which times are shown, at a time: "UTC", "CET" */
export const zoneName = (at: Date, local: boolean): string =>
  (local && ownMinute.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value) || 'UTC'

/** @returns the calendar day of a time: "2026-11-25"; in the reader’s own zone if `local`, otherwise in UTC */
export const dayKey = (at: Date, local: boolean): string => inZone(at, local).toISOString().slice(0, 10)

/** @returns a time's calendar day, relative to another, as a heading: "Today", "Yesterday", "Thu 26 Nov" */
export function dayTitle(at: Date, now: Date, local: boolean): string {
  const [day, today] = [dayKey(at, local), dayKey(now, local)]
  if (day === today) return 'Today'
  if (Date.parse(today) - Date.parse(day) === dayMs) return 'Yesterday'
  const [weekday, number, month, year] = inZone(at, local).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${Number(number)} ${month}${today.startsWith(year ?? '') ? '' : ` ${year}`}`
}

/** @returns a time's calendar day (UTC), relative to another: "today", "tomorrow", "in 2 days" */
export function dayInWords(at: Date, now: Date): string {
  const dayOf = (instant: Date) => Math.floor(instant.getTime() / dayMs)
  return relative.format(dayOf(at) - dayOf(now), 'day')
}

/** @returns a time in the coming weeks: "Fri 27 Nov, 23:59 UTC" */
export function dayAndTime(at: Date): string {
  // ECMA-262 defines this format, so server and browser agree: "Fri, 27 Nov 2026 23:59:59 GMT".
  const [weekday, day, month] = at.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${Number(day)} ${month}, ${utcTime(at)}`
}

/** @returns a short end time: "until tomorrow, 23:59 UTC", "until Mon 30 Nov, 23:59 UTC" */
export function untilInWords(at: Date, now: Date): string {
  const day = dayInWords(at, now)
  return `until ${day === 'today' || day === 'tomorrow' ? `${day}, ${utcTime(at)}` : dayAndTime(at)}`
}

const utcTime = (at: Date): string => `${at.toISOString().slice(11, 16)} UTC`
