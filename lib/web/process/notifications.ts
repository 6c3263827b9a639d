import 'server-only'
import { type Notifications, openNotifications } from '#lib/kernel/use-case/notifications.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { webConfig } from './web-config.ts'

/** Changes made by other processes, received on one connection, which the first live page opens. */
export const notifications = (): Notifications =>
  processValue('notifications', () => openNotifications(webConfig(), 'spaceport-web-notifications'))
