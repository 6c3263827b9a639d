export const webhookFormats = ['spaceport', 'slack', 'teams'] as const
export type WebhookFormat = (typeof webhookFormats)[number]
