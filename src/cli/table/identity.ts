/** The flag shared by every command that decrypts. */
export const identity = { type: 'string', value: 'file', describe: 'a file with an age secret key' } as const
