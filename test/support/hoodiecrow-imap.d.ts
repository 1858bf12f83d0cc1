/** What the tests use of it. */
declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net';

  export interface StoredMail {
    uid: number;
    raw: string;
    flags: string[];
  }
  export interface Folder {
    uidvalidity: number;
    uidnext: number;
    messages: StoredMail[];
    flags: string[];
    'special-use'?: string;
  }
  export interface ImapServer {
    server: Server;
    users: Record<string, { password: string }>;
    getMailbox(path: string): Folder;
    appendMessage(path: string, flags: string[], receivedAt: Date, raw: string): { message: StoredMail };
    /** Called with every new connection; `inputHandler` takes its next line where a command waits for one. */
    connectionHandlers: ((connection: { socket: Socket; inputHandler: false | ((line: string) => void) }) => void)[];
  }
  export default function hoodiecrow(options: {
    plugins?: string[];
    users?: Record<string, { password: string }>;
    storage?: Record<string, unknown>;
    secureConnection?: boolean;
  }): ImapServer;
}
