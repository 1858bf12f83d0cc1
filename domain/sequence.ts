/** The four channels of outreach. */
export const channels = ['email', 'voice', 'linkedin', 'sms'] as const;
export type Channel = (typeof channels)[number];
