export const handler = (): Promise<string> => Promise.resolve('ok');
