/** Letters to people. Without a mail server there is none, and whoever invites copies the link. */
export interface Mail {
  invitation(letter: {
    readonly to: string;
    readonly organization: string;
    readonly invitedBy: string;
    readonly link: string;
  }): Promise<void>;
  passwordReset(letter: { readonly to: string; readonly username: string; readonly link: string }): Promise<void>;
}
