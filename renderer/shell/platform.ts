/** What the keyboard of this machine calls its keys. */
export const isMac = /mac/i.test(navigator.userAgent);
