/** The flag every reading command has. */
export const json = { type: 'boolean', describe: 'print JSON' } as const
