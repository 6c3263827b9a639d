/** @returns whether Next's development server is running: it needs a laxer policy for its own scripts and styles */
export const isDevelopment = (): boolean => process.env.NODE_ENV === 'development'
