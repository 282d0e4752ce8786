/** The server makes a new one for each answer: styles that carry it are the only ones that the page may have. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
