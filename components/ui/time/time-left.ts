const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** @returns the time left in its two largest units, rounded down: "2 h 05 min", "59 s" */
export function timeLeft(to: Date, now: Date): string {
  const ms = Math.max(0, to.getTime() - now.getTime())
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0')
  if (ms >= dayMs) return `${Math.floor(ms / dayMs)} d ${two((ms % dayMs) / hourMs)} h`
  if (ms >= hourMs) return `${Math.floor(ms / hourMs)} h ${two((ms % hourMs) / minuteMs)} min`
  if (ms >= minuteMs) return `${Math.floor(ms / minuteMs)} min ${two((ms % minuteMs) / secondMs)} s`
  return `${Math.floor(ms / secondMs)} s`
}
