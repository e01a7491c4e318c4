/** The flag shared by every command that reads. */
export const json = { type: 'boolean', describe: 'print JSON' } as const
